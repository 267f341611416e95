/**
 * The measurement once more, from the record alone: the radar's frames are decoded with the protocol and the geometry
 * that the record states, and the speeds go through the estimator again. What surprised: two things were learnt by the
 * camera during its session and stand in no frame, the unit that an OPS243 had confirmed and the zero of an AGD's angle
 * (`auto`); both have few possible values, and one of them must explain all readings of the record.
 */
import { KerbsideError } from '../../errors.js';
import { SpeedHistogram, HISTOGRAM_LIMIT_KMH, type Estimate } from '../../measurement/estimator.js';
import { alongRoad, createSightAngle } from '../../measurement/sight-angle.js';
import { VOID_REASONS, type AngleReference } from '../../measurement/types.js';
import { Agd350Decoder } from '../../radar/agd350-decoder.js';
import { Ops243Decoder } from '../../radar/ops243-decoder.js';
import { Ops243Scale } from '../../radar/ops243-scale.js';
import { radarTraits } from '../../radar/index.js';
import { RADAR_PROTOCOLS, type RadarDecoder, type RadarProtocol, type Reading } from '../../radar/reading.js';
import { beamTurned } from '../../site/mounting.js';
import { degrees, metres } from '../../units.js';
import type { GeometryFacts, RecordContext } from '../record-context.js';
import type { ConcludedExposure, ExposureFacts } from '../types.js';
import type { CheckList } from './checks.js';

const LF = 0x0a;
/** Units in which an OPS243 can have been asked to speak; the first is the one that the camera commands. */
const OPS_UNITS = ['kmph', 'mps', 'mph', 'fps'] as const;
const OPS_HIGHEST_RATE_HZ = 100_000;

export function remeasure(exposure: ConcludedExposure, context: RecordContext, list: CheckList): void {
  const { readings, facts, kind } = exposure;
  if (readings.length > 0) list.note('measurement', measurementObjection(exposure, context.geometry));
  else if (kind === 'incident') list.note('measurement', 'The record of an incident holds no reading of the radar.');
  else if (facts.speedKmh === null) {
    list.leaveOut('measurement', 'Not checked: no vehicle was measured for this number.');
  } else {
    const why = 'the record states a speed and no readings, because the camera stopped before the pass had ended';
    list.skip('measurement', `Not checked: ${why}.`);
  }
  if (exposure.verdict === null && kind !== 'incident')
    list.leaveOut('verdict', 'Not checked: the record holds no verdict.');
  else list.note('verdict', verdictObjection(exposure));
}

function measurementObjection({ readings, facts }: ConcludedExposure, geometry: GeometryFacts): string | null {
  const protocol = RADAR_PROTOCOLS.find((known) => known === facts.radarProtocol);
  if (protocol === undefined) return `The radar protocol ${facts.radarProtocol} is not known to this program.`;
  const wrong = framesObjection(readings, protocol, geometry);
  if (wrong !== null) return wrong;
  try {
    let first: Estimate | null = null;
    for (const reference of referencesOf(geometry)) {
      const found = estimate(readings, protocol, geometry, reference);
      if (isSame(found, facts)) return null;
      first ??= found;
    }
    return differs(first, facts);
  } catch (error) {
    if (error instanceof KerbsideError) return `The readings cannot be measured again: ${error.message}`;
    throw error;
  }
}

/** Null where every frame, decoded again, gives its reading. */
function framesObjection(
  readings: readonly Reading[],
  protocol: RadarProtocol,
  geometry: GeometryFacts,
): string | null {
  let at = -1;
  for (const unit of protocol === 'ops243' ? OPS_UNITS : [null]) {
    const decoder = decoderOf(protocol, geometry, unit);
    const wrong = readings.findIndex((reading) => !isInFrame(reading, protocol, decoder));
    if (wrong === -1) return null;
    if (at === -1) at = wrong;
  }
  const { speedKmh } = readings[at] as Reading;
  return `The radar's frame of reading ${at + 1} of ${readings.length} does not give what the record states for it (${speedKmh} km/h).`;
}

function isInFrame(reading: Reading, protocol: RadarProtocol, decoder: RadarDecoder): boolean {
  const found: Reading[] = [];
  // The line end is no part of what is kept of an OPS243's line.
  const frame = protocol === 'ops243' ? Uint8Array.of(...reading.raw, LF) : reading.raw;
  decoder.push(frame, reading.atNs, (event) => {
    if (event.type === 'reading') found.push(event.reading);
  });
  return found.some((decoded) => isSameReading(decoded, reading));
}

function decoderOf(protocol: RadarProtocol, geometry: GeometryFacts, unit: string | null): RadarDecoder {
  if (protocol === 'agd350') return new Agd350Decoder(geometry);
  const scale = new Ops243Scale();
  if (unit !== null) scale.learnUnit(unit);
  scale.learnSampleRate(OPS_HIGHEST_RATE_HZ);
  return new Ops243Decoder(geometry, scale);
}

const COMPARED = [
  ...(['trackKey', 'speedKmh', 'corrected', 'direction', 'rangeM', 'angleDeg'] as const),
  ...(['bearingDeg', 'strength', 'radarTimeS', 'test'] as const),
] satisfies readonly (keyof Reading)[];

const isSameReading = (a: Reading, b: Reading): boolean => COMPARED.every((name) => a[name] === b[name]);

const referencesOf = ({ angleReference }: GeometryFacts): AngleReference[] =>
  angleReference === 'auto' ? ['auto', 'boresight', 'road'] : [angleReference];

/** Steps 1 to 3 of the estimator (domain/measurement.md). */
function estimate(
  readings: readonly Reading[],
  protocol: RadarProtocol,
  geometry: GeometryFacts,
  angleReference: AngleReference,
): Estimate {
  const { angleDeg, beamWidthDeg } = geometry;
  const settings = { angleDeg, beamWidthDeg, angleReference, beamTurned: beamTurned(geometry) };
  const sight = createSightAngle({ ...settings, largestFootprintM: metres(0) }, radarTraits(protocol).hasAngle);
  const histogram = new SpeedHistogram();
  for (const { speedKmh, corrected, angleDeg: stated } of readings) {
    const reference = stated === null ? null : sight.referenceOf(stated);
    const usedDeg = stated === null || reference === null ? angleDeg : sight.sightDeg(stated, reference);
    const alongKmh = corrected ? speedKmh : alongRoad(speedKmh, degrees(usedDeg));
    if (alongKmh < HISTOGRAM_LIMIT_KMH) histogram.add(alongKmh);
  }
  return histogram.estimate();
}

const isSame = (found: Estimate, facts: ExposureFacts): boolean =>
  found.speedKmh === facts.speedKmh &&
  found.truncatedKmh === facts.truncatedKmh &&
  found.used === facts.readingsUsed &&
  found.cut === facts.readingsCut;

function differs(found: Estimate | null, facts: ExposureFacts): string {
  const say = (speed: number | null, used: number, cut: number): string =>
    `${speed === null ? 'no speed' : `${speed} km/h`} from ${used} readings, ${cut} cut`;
  const measured = found === null ? 'nothing' : say(found.speedKmh, found.used, found.cut);
  return `The radar's frames give ${measured}; the record states ${say(facts.speedKmh, facts.readingsUsed, facts.readingsCut)}.`;
}

/** DET-1: only above the threshold, which is compared with the truncated speed. */
function verdictObjection({ kind, verdict, facts }: ConcludedExposure): string | null {
  if (verdict === null) return 'The record of an incident holds no verdict.';
  if (verdict.thresholdKmh !== facts.thresholdKmh || verdict.limitKmh !== facts.limitKmh) {
    return 'The verdict was made with another limit or threshold than the record states.';
  }
  const { truncatedKmh, thresholdKmh } = facts;
  const isAbove = truncatedKmh !== null && truncatedKmh > thresholdKmh;
  const speed = `${truncatedKmh === null ? 'no speed' : `${truncatedKmh} km/h`} against the threshold of ${thresholdKmh} km/h`;
  if (verdict.kind === 'enforce' && !isAbove) return `The verdict is enforce, with ${speed}.`;
  if (verdict.reason === 'not-above-threshold' && isAbove) return `The verdict is not-above-threshold, with ${speed}.`;
  if (kind === 'incident' && verdict.kind !== 'enforce')
    return `An incident needs the verdict enforce; it is ${verdict.kind}.`;
  const isVoid = VOID_REASONS.some((reason) => reason === verdict.reason);
  if ((verdict.kind === 'void') !== isVoid)
    return `The verdict is ${verdict.kind} for the reason ${verdict.reason ?? 'none'}.`;
  return null;
}
