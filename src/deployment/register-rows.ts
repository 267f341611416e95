/**
 * The register as titled sections of rows, the same for terminal and paper: what is shown once is shown everywhere. Pure;
 * local times are those of the site.
 */
import { localTime } from '../evidence/local-time.js';
import { utcMs } from '../units.js';
import type { Register } from './register-shape.js';

export interface RegisterSection {
  readonly title: string;
  /** Of a table; empty where rows are name and value. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said where there are no rows. */
  readonly none: string;
}

const UNKNOWN = 'not known';

export function registerSections(register: Register): RegisterSection[] {
  const at = timesOf(register);
  return [
    facts('Deployment', deploymentRows(register, at)),
    facts('Site and limits', siteRows(register)),
    facts('Place and direction', placeRows(register)),
    facts('Equipment', equipmentRows(register)),
    table(
      'Certificates of accuracy',
      ['kind', 'number', 'of', 'issued by', 'issued', 'last day'],
      register.certificates.map(({ kind, number, subject, issuer, issuedOn, expiresOn }) => [
        kind,
        number,
        subject ?? '',
        issuer,
        issuedOn,
        expiresOn ?? UNKNOWN,
      ]),
      'none is known to the camera',
    ),
    table(
      'Reference data',
      ['pack', 'serial', 'issuer', 'issued', 'SHA-256'],
      register.packs.map(({ kind, serial, issuer, issued, sha256 }) => [
        kind,
        String(serial),
        issuer,
        at(issued),
        sha256,
      ]),
      'no signed packs: the site came from a file',
    ),
    ...storySections(register, at),
    facts('Numbers and counts', countRows(register)),
    table(
      'Faults',
      ['time', 'code', 'times', 'what'],
      register.faults.map(({ at: time, code, count, sentence }) => [at(time), code, String(count), sentence]),
      'none',
    ),
    table(
      'In doubt',
      ['time', 'numbers', 'test', 'since', 'why'],
      register.doubts.map(({ at: time, fromIcn, untilIcn, test, since, reason }) => [
        at(time),
        `${fromIcn} to ${untilIcn}`,
        test,
        at(since),
        reason,
      ]),
      'no number',
    ),
    facts('Signature', signatureRows(register, at)),
  ];
}

/** What happened, in the order of time. */
function storySections(register: Register, at: Times): RegisterSection[] {
  return [
    table(
      'Attestations',
      ['time', 'by', 'check', 'said', 'in words'],
      register.attestations.map(({ at: time, by, check, given, statement }) => [
        at(time),
        by,
        check,
        given ? 'yes' : 'no',
        statement,
      ]),
      'none',
    ),
    table(
      'Tests',
      ['time', 'by', 'test', 'result', 'found'],
      register.tests.map(({ at: time, by, test, passed, subject, sentence }) => [
        at(time),
        by,
        subject === null ? test : `${test} ${subject}`,
        passed ? 'passed' : 'FAILED',
        sentence,
      ]),
      'none',
    ),
    table(
      'States',
      ['time', 'by', 'state', 'why'],
      register.states.map(({ at: time, by, to, reasons, sentence }) => [
        // Before the clock was read once there was no time to write down.
        time === null ? 'not known yet' : at(time),
        by,
        to,
        reasons.length === 0 ? sentence : reasons.map((reason) => reason.sentence).join('\n'),
      ]),
      'none',
    ),
    table(
      'Suspensions',
      ['from', 'until', 'why'],
      register.suspensions.map(({ from, until, reasons }) => [
        at(from),
        at(until),
        reasons.map(({ sentence }) => sentence).join('\n'),
      ]),
      'none',
    ),
  ];
}

const facts = (title: string, rows: readonly (readonly [string, string])[]): RegisterSection => ({
  title,
  head: [],
  rows,
  none: '',
});

const table = (
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): RegisterSection => ({ title, head, rows, none });

type Times = (iso: string | null) => string;

/** Local time of the site with its offset; UTC where its zone is not known. */
function timesOf({ site }: Register): Times {
  return (iso) => {
    if (iso === null) return UNKNOWN;
    if (site?.zone == null) return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
    const { date, time, offset } = localTime(utcMs(Date.parse(iso)), site.zone);
    return `${date} ${time} ${offset}`;
  };
}

type Rows = (readonly [string, string])[];

function deploymentRows(register: Register, at: Times): Rows {
  const { follows, continuedIn, start } = register;
  return [
    ['number', register.deployment],
    ...(follows === null ? [] : [['follows', follows] as const]),
    ...(continuedIn === null ? [] : [['goes on in', continuedIn] as const]),
    ['state', register.state],
    ['operator', register.operator ?? 'none by name'],
    ['started by', register.startedBy ?? UNKNOWN],
    ['vehicle', register.vehicle ?? UNKNOWN],
    ['opened', at(register.opened)],
    ['began to enforce', start === null ? 'never' : at(start.at)],
    ['position at the start', start === null ? UNKNOWN : position(start)],
    ['closed', register.closed === null ? 'not yet' : at(register.closed)],
    ['weather', register.weather ?? 'not entered'],
    ['permission of', register.occupier ?? 'none entered'],
  ];
}

type Start = NonNullable<Register['start']>;

function position({ latitude, longitude, positionErrorM, chainageM }: Start): string {
  if (latitude === null || longitude === null) return UNKNOWN;
  const error = positionErrorM === null ? '' : ` ± ${positionErrorM.toFixed(1)} m`;
  const along = chainageM === null ? '' : `, chainage ${chainageM.toFixed(1)} m`;
  return `${latitude.toFixed(6)}, ${longitude.toFixed(6)}${error}${along}`;
}

const issued = (authority: string | null, date: string | null): string =>
  [authority ?? 'authority not stated', date].filter((word) => word !== null).join(', ');

function siteRows({ site, limit, threshold, installation }: Register): Rows {
  return [
    [
      'site',
      site === null ? UNKNOWN : [site.code, site.road, site.locality].filter((word) => word !== null).join(', '),
    ],
    ['version of the site', site?.version ?? 'none stated'],
    ['SHA-256 of the site', site?.sha256 ?? UNKNOWN],
    ['installation', installation ?? UNKNOWN],
    ['school', site === null ? UNKNOWN : (site.school ?? 'no school site')],
    ['temporary limit', site?.temporaryLimit == null ? UNKNOWN : site.temporaryLimit ? 'yes' : 'no'],
    ['limit', limit === null ? UNKNOWN : `${String(limit.limitKmh)} km/h, ${issued(limit.authority, limit.date)}`],
    [
      'threshold',
      threshold === null
        ? UNKNOWN
        : `${String(threshold.speedKmh)} km/h, ${issued(threshold.authority, threshold.date)}`,
    ],
  ];
}

function placeRows({ lanes, direction, distances }: Register): Rows {
  const monitored = lanes.filter((lane) => lane.monitored).map(({ id, direction: way }) => `${id} (${way})`);
  const points =
    distances?.points.map(({ rule, what, chainageM }) => `${rule} ${what} at ${String(chainageM)} m`) ?? [];
  return [
    ['monitored lanes', monitored.length === 0 ? 'none' : monitored.join(', ')],
    [
      'van faces',
      direction.vanHeading === null
        ? UNKNOWN
        : `${direction.vanHeading} chainage, beam to the ${direction.facing ?? UNKNOWN}`,
    ],
    ['beside the nearest lane', direction.lateralM === null ? UNKNOWN : `${direction.lateralM.toFixed(2)} m`],
    ...distanceRows(distances),
    ['points that exclude', points.length === 0 ? 'none' : points.join('; ')],
  ];
}

/** The bound of each rule; of records that name one only, that one. */
function distanceRows(distances: Register['distances']): Rows {
  if (distances === null) return [['smallest distance of the van', UNKNOWN]];
  const { byRule, version } = distances;
  const bounds = byRule.length === 0 ? [{ ...distances, rule: 'DEP-8, DEP-9' }] : byRule;
  return [
    ...bounds.map(({ rule, boundM, boundBy, zoneM }): [string, string] => [
      `smallest distance, ${rule}`,
      `${boundM.toFixed(1)} m, bound by ${boundBy === 'rule' ? 'the rule' : 'the geometry of the beam'}; no vehicle within ${String(zoneM)} m`,
    ]),
    ['table of distances', version],
  ];
}

function equipmentRows({ camera, radar, forks, software }: Register): Rows {
  return [
    ['camera', [camera.id ?? UNKNOWN, camera.model].filter((word) => word !== null).join(', ')],
    ['approval', camera.approvalNotice ?? 'type not approved'],
    [
      'radar',
      radar === null
        ? UNKNOWN
        : `${radar.protocol}, serial number ${radar.serialNumber ?? 'not stated'}, ${String(radar.angleDeg)} degrees`,
    ],
    ['tuning forks', forks.length === 0 ? 'none' : forks.join(', ')],
    ['software', software?.version ?? UNKNOWN],
    ['SHA-256 of the software', software?.sha256 ?? UNKNOWN],
  ];
}

const count = (value: number | null): string => (value === null ? UNKNOWN : String(value));

const reasons = (list: readonly { readonly reason: string; readonly count: number }[]): string =>
  list.length === 0 ? '' : ` (${list.map(({ reason, count: times }) => `${reason} ${String(times)}`).join(', ')})`;

function countRows({ firstIcn, lastIcn, counts, exportAge }: Register): Rows {
  return [
    ['first number', firstIcn ?? 'none'],
    ['last number', lastIcn ?? 'none'],
    ['numbers', `${String(counts.numbers)}${kinds(counts.byKind)}`],
    ['images', String(counts.images)],
    ['photos without a vehicle', String(counts.photosWithoutVehicle)],
    ['vehicles measured', count(counts.passes)],
    ['enforced', count(counts.enforced)],
    ['observed', `${count(counts.observed)}${reasons(counts.observedByReason)}`],
    ['void', `${count(counts.void)}${reasons(counts.voidByReason)}`],
    ['export to PIB', exportAge?.sentence ?? UNKNOWN],
  ];
}

const kinds = (list: Register['counts']['byKind']): string =>
  reasons(list.map(({ kind, count: times }) => ({ reason: kind, count: times })));

function signatureRows({ signature }: Register, at: Times): Rows {
  const { signer, fingerprint, verified, records, findings, madeAt } = signature;
  return [
    ['sealed by', signer ?? 'nobody'],
    ['SHA-256 of the certificate', fingerprint ?? 'none'],
    ['records', String(records)],
    ['verified', verified ? `all of them, ${at(madeAt)}` : `NO, ${at(madeAt)}`],
    ...findings.map((finding) => ['not in order', finding] as const),
  ];
}
