/**
 * Why this vehicle? The decision behind one number or pass in sentences that a court can follow: which readings were used
 * and which were not, how speed along the beam became speed along the road, where the vehicle was, what it was compared
 * with, what followed. Every figure is worked out from the recording; rule ids are those of domain/rules.md.
 */
import { localTime } from '../evidence/local-time.js';
import { exclusionPoints } from '../site/exclusion.js';
import { utcMs, type MonotonicNs } from '../units.js';
import { correctedSpeeds, type CorrectedSpeed } from './corrected.js';
import type { LifeReport } from './replay.js';
import type { Story } from './story.js';

export interface Explanation {
  readonly title: string;
  /** Of the controller in which it happened: pass numbers begin anew with each. */
  readonly life: number;
  readonly icn: string | null;
  readonly passId: number | null;
  readonly speedKmh: number | null;
  readonly truncatedKmh: number | null;
  readonly sentences: readonly string[];
}

/** How far the life of the story was replayed. */
type Extent = Pick<LifeReport, 'state'>;

/** @param wantedIcn the number that was asked for; null: a pass was */
export function explain(story: Story, wantedIcn: string | null, extent: Extent): Explanation {
  const { fired, concluded, pass, head } = story;
  const icn = wantedIcn ?? fired?.icn ?? concluded?.icn ?? pass?.icn ?? null;
  const passId = pass?.passId ?? fired?.passId ?? concluded?.passId ?? null;
  return {
    title: icn === null ? `Pass ${String(passId)}` : `Number ${icn}`,
    ...{ life: head.life, icn, passId },
    ...{ speedKmh: pass?.speedKmh ?? null, truncatedKmh: pass?.truncatedKmh ?? null },
    sentences: [
      ...place(story),
      ...told(story, extent),
      ...(story.head.config.demo ? ['Something simulated took part: DEMO – NOT EVIDENCE.'] : []),
    ],
  };
}

const one = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;
const kmh = (speed: number | null, decimals = 2): string =>
  speed === null ? 'unknown' : `${speed.toFixed(decimals)} km/h`;

/** Local time of a moment, by the head's pair of clocks. */
export function momentOf({ head }: Pick<Story, 'head'>, atNs: MonotonicNs): string {
  const utc = utcMs(head.utcMs + (atNs - head.atNs) / 1e6);
  const { date, time, milliseconds, offset } = localTime(utc, head.config.site.zone);
  return `${date} ${time}.${milliseconds} UTC${offset}`;
}

function place({ head }: Story): string[] {
  const { site, mounting, radar } = head.config;
  return [
    `Deployment ${head.deployment}, controller ${String(head.life)}, at site ${site.code}, ${site.road}; radar ${radar.protocol} at ` +
      `${String(mounting.angleDeg)}° to the road, beam ${String(mounting.beamWidthDeg)}° wide.`,
  ];
}

function told(story: Story, extent: Extent): string[] {
  const { fired, concluded, pass, leasedNs } = story;
  if (fired === null && concluded === null && pass === null && leasedNs !== null) {
    const never = extent.state === 'whole' ? 'never fired here' : `not fired ${upTo(story, extent)}`;
    return [`The number was leased at ${momentOf(story, leasedNs)}, and ${never}; ${elsewhere(extent)}.`];
  }
  return [...(pass === null ? noVehicle(story, extent) : vehicle(story)), ...trigger(story), ...outcome(story, extent)];
}

const elsewhere = ({ state }: Extent): string =>
  state === 'until' ? 'what followed was not looked at' : 'its record in the evidence says how it ended';

/** Up to where nothing was seen. */
function upTo({ head }: Story, { state }: Extent): string {
  if (state === 'until') return 'up to the moment to which the recording was fed';
  if (state === 'until-gap')
    return 'before something is missing in the recording, behind which nothing can be replayed';
  return `before what was recorded of controller ${String(head.life)} ends`;
}

function noVehicle(story: Story, extent: Extent): string[] {
  const { fired, concluded } = story;
  const passId = fired?.passId ?? concluded?.passId ?? null;
  if (passId !== null) return [`Pass ${String(passId)} was in the beam; it was not complete ${upTo(story, extent)}.`];
  const kind = fired?.kind ?? concluded?.kind ?? null;
  if (kind === 'sync')
    return ['The picture was taken to learn the camera’s counter and clock; it shows no measured vehicle.'];
  if (kind === 'alignment')
    return ['The picture was taken to show how the camera is aligned; it shows no measured vehicle.'];
  return ['No vehicle was measured for this number.'];
}

function vehicle(story: Story): string[] {
  const { pass, readings } = story;
  if (pass === null) return [];
  const seconds = ((pass.lastNs - pass.firstNs) / 1e9).toFixed(2);
  const way = pass.direction === 'approach' ? 'approached' : pass.direction === 'recede' ? 'drove away' : 'drove';
  const track = pass.trackKey === null ? '' : `, the radar’s track ${String(pass.trackKey)}`;
  return [
    `Pass ${String(pass.passId)}${track}: a vehicle ${way} from ${momentOf(story, pass.firstNs)} on, ` +
      `for ${seconds} s and ${pass.travelM.toFixed(1)} m, in ${one(readings.length, 'reading')}.`,
    ...measurement(story),
    ...position(story),
    ...verdict(story),
  ];
}

function measurement(story: Story): string[] {
  const { pass, readings, discards, measurement: measured } = story;
  if (pass === null || readings.length === 0) return [];
  const speeds = correctedSpeeds(readings, story.head.config);
  const raw = readings.map(({ speedKmh }) => speedKmh);
  const along = speeds.map(({ alongKmh }) => alongKmh);
  const [least, most] = [Math.min(...raw), Math.max(...raw)];
  const stated = `The radar stated ${kmh(least)} to ${kmh(most)}`;
  const corrected =
    readings[0]?.corrected === true
      ? `${stated}, already corrected for the angle.`
      : `${stated} along its line of sight. Divided by the cosine of ${angles(speeds)} that is ` +
        `${kmh(Math.min(...along))} to ${kmh(Math.max(...along))} along the road.`;
  return [corrected, ...used(story, speeds), ...thrownAway(discards), ...mean(measured?.reason ?? null, pass)];
}

function angles(speeds: readonly CorrectedSpeed[]): string {
  const used = speeds.map(({ usedDeg }) => usedDeg);
  const [least, most] = [Math.min(...used), Math.max(...used)];
  return least === most
    ? `${least.toFixed(1)}°`
    : `the angle it stated for each, ${least.toFixed(1)}° to ${most.toFixed(1)}°`;
}

function used({ pass }: Story, speeds: readonly CorrectedSpeed[]): string[] {
  const cut = speeds.filter(({ rare }) => rare);
  const all = `${one(pass?.readingsUsed ?? 0, 'reading')} of ${String(speeds.length)} ${pass?.readingsUsed === 1 ? 'was' : 'were'} used.`;
  if (cut.length === 0) return [`${all} None was left out.`];
  const which = cut.map(({ alongKmh }) => kmh(alongKmh, 1)).join(', ');
  return [
    `${all} ${one(cut.length, 'reading')} (${which}) ${cut.length === 1 ? 'stands' : 'stand'} in whole-km/h bins with less ` +
      `than 2 % of all readings and ${cut.length === 1 ? 'was' : 'were'} left out.`,
  ];
}

function thrownAway(discards: Story['discards']): string[] {
  if (discards.length === 0) return ['Nothing that came from the radar meanwhile had to be thrown away.'];
  const counts = new Map<string, number>();
  for (const { reason } of discards) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const list = [...counts].map(([reason, count]) => `${String(count)} × ${reason}`).join(', ');
  return [`Thrown away by the decoder meanwhile, and used for nothing: ${list}.`];
}

function mean(reason: string | null, pass: NonNullable<Story['pass']>): string[] {
  const { speedKmh, truncatedKmh } = pass;
  if (speedKmh === null) return [`The readings are no measurement: ${reason ?? 'not one cluster of speeds'}.`];
  const truncated = `Their mean is ${speedKmh.toFixed(4)} km/h, truncated to ${String(truncatedKmh)} km/h.`;
  return reason === null ? [truncated] : [truncated, `The pass is void all the same: ${reason}.`];
}

function position({ pass, head }: Story): string[] {
  if (pass === null) return [];
  const { along, place: at } = pass.verdict;
  const lane = at.lane === null ? 'its lane is not known' : `in lane ${at.lane}`;
  const range = at.rangeM === null ? '' : ` at range ${at.rangeM.toFixed(1)} m`;
  const chainage =
    at.chainageM === null
      ? `between chainage ${at.fromChainageM.toFixed(1)} and ${at.toChainageM.toFixed(1)} m`
      : `at chainage ${at.chainageM.toFixed(1)} m (${at.fromChainageM.toFixed(1)} to ${at.toChainageM.toFixed(1)} m)`;
  const way = along === null ? 'direction along the road unknown' : `towards ${along} chainage`;
  const points = exclusionPoints(head.config.site).map((point) => {
    const nearestM = Math.max(at.fromChainageM - point.chainageM, point.chainageM - at.toChainageM, 0);
    return (
      `${point.rule}: ${point.what} at chainage ${point.chainageM.toFixed(1)} m was ${nearestM.toFixed(1)} m away; ` +
      `nothing is enforced within ${String(point.zoneM)} m and the uncertainty of the position.`
    );
  });
  return [
    `The vehicle was ${lane}${range}, ${chainage}, ${way}.`,
    ...(points.length === 0 ? ['The site has no point that vehicles must be kept away from (DEP-8, DEP-9).'] : points),
  ];
}

function verdict({ pass, head }: Story): string[] {
  if (pass === null) return [];
  const { kind, reason, limitKmh, thresholdKmh } = pass.verdict;
  const { authority, date } = head.config.site.threshold;
  const word = { enforce: 'enforce', observe: 'observe only', void: 'void' }[kind];
  const against =
    `DET-1: limit ${String(limitKmh)} km/h, threshold ${String(thresholdKmh)} km/h (set by ${authority}, ${date}); ` +
    `${pass.truncatedKmh === null ? 'there is no speed' : `${String(pass.truncatedKmh)} km/h is ${pass.truncatedKmh > thresholdKmh ? 'above' : 'not above'} it`}.`;
  const armed = pass.armed
    ? 'The camera was enforcing.'
    : `The camera was not enforcing${pass.whyNot === null ? '' : `: ${pass.whyNot}`}.`;
  return [against, armed, `Verdict: ${word}${reason === null ? '' : `, ${reason}`}.`];
}

function trigger(story: Story): string[] {
  const { fired, shutterNs, concluded, leasedNs } = story;
  if (fired === null) {
    if (story.pass !== null) return ['No photograph was taken.'];
    const leased = leasedNs === null ? [] : [`The number was leased at ${momentOf(story, leasedNs)}.`];
    return [...leased, 'Nothing was fired for it.'];
  }
  const after = story.pass === null ? null : (fired.atNs - story.pass.lastNs) / 1e6;
  const when =
    after === null
      ? ''
      : after >= 0
        ? `, ${after.toFixed(1)} ms after its last reading`
        : `, ${(-after).toFixed(1)} ms before its last reading`;
  const flash = fired.flash ? 'with flash' : 'without flash';
  const strobe = concluded?.strobeNs ?? null;
  const answer =
    strobe === null
      ? 'The camera gave no feedback on its strobe line.'
      : `The camera’s strobe answered ${((strobe - (shutterNs ?? fired.atNs)) / 1e6).toFixed(1)} ms later.`;
  const rose = `The shutter line rose at ${momentOf(story, fired.atNs)}${when}, ${flash}.`;
  return concluded === null ? [rose] : [rose, answer];
}

function outcome(story: Story, extent: Extent): string[] {
  const { concluded, fired, pass } = story;
  if (concluded === null) {
    // A pass without a photograph has no number that could end.
    if (fired === null && pass?.icn == null) return [];
    return [`The number was fired and not concluded ${upTo(story, extent)}; ${elsewhere(extent)}.`];
  }
  const { kind, reason, matching, imageSha256, account } = concluded;
  const sentences: string[] = [];
  if (matching !== null) {
    const counter = `counter ${String(matching.counter ?? 'unknown')}, expected ${String(matching.expectedCounter ?? 'unknown')}`;
    sentences.push(`The camera’s file ${matching.fileName} (${counter}) has SHA-256 ${imageSha256 ?? 'unknown'}.`);
  } else sentences.push('No image is under this number.');
  if (account !== null) {
    const { state, refusals } = account.readiness;
    sentences.push(
      `At the exposure the session was ${state}; ${refusals.length === 0 ? 'no check refused' : `refused by ${refusals.join(', ')}`}.`,
    );
  }
  return [...sentences, `The number was concluded as ${kind}${reason === null ? '' : `: ${reason}`}.`];
}
