/** How reference data is told: the packs in force, sites, certificates, operators; tables for people, plain values for JSON. */
import Table from 'cli-table3';
import { localTime } from '../../src/evidence/local-time.js';
import { plusMonths } from '../../src/site/dates.js';
import type { PackHead, Reference } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';
import { utcMs } from '../../src/units.js';
import type { OpenedPack } from '../reference/open-pack.js';

const DAY_MS = 86_400_000;

/** What an issuer wrote must not steer the terminal: no control characters, nothing unseen. */
export const printable = (text: string): string => text.replace(/\p{C}/gu, '\uFFFD');

export const packJson = (head: PackHead): Record<string, unknown> => ({
  kind: head.kind,
  serial: head.serial,
  issuer: head.issuer,
  issuedAt: new Date(head.issuedUtcMs).toISOString(),
  sha256: head.sha256,
  demo: head.demo,
});

export const openedJson = ({ head, signedUtcMs, signer, rootSha256 }: OpenedPack): Record<string, unknown> => ({
  ...packJson(head),
  signedAt: new Date(signedUtcMs).toISOString(),
  signer: signer.subject,
  signerValidUntil: new Date(signer.notAfterMs).toISOString(),
  rootSha256,
});

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[], color: boolean): string {
  const table = new Table({
    head: [...head],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: color ? { border: ['dim'] } : { head: [], border: [] },
  });
  for (const row of rows) table.push(row.map(printable));
  return table.toString();
}

export const packsTable = (packs: readonly OpenedPack[], color: boolean): string => {
  const anyDemo = packs.some(({ head }) => head.demo);
  return tableOf(
    ['pack', 'serial', 'issuer', 'issued', 'signed', 'SHA-256', ...(anyDemo ? [''] : [])],
    packs.map(({ head, signedUtcMs }) => [
      head.kind,
      String(head.serial),
      head.issuer,
      dateIn(head.issuedUtcMs),
      dateIn(signedUtcMs),
      head.sha256.slice(0, 16),
      ...(anyDemo ? [head.demo ? 'DEMO, NOT EVIDENCE' : ''] : []),
    ]),
    color,
  );
};

/** Date of an instant where the vans are; the Chatham Islands are three quarters of an hour ahead, which no list shows. */
export const dateIn = (utcMs: number, zone = 'Pacific/Auckland'): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(utcMs);

/** Local time with its offset. */
export function timeIn(instantMs: number, zone = 'Pacific/Auckland'): string {
  const { date, time, offset } = localTime(utcMs(instantMs), zone);
  return `${date} ${time.slice(0, 5)} ${offset}`;
}

const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** `31 days left`, `last day`, `expired 3 days ago`; days are negative once it expired. */
export function left(lastDay: string, today: string): { readonly days: number; readonly words: string } {
  const days = Math.round((startOf(lastDay) - startOf(today)) / DAY_MS);
  const plural = (count: number): string => `${count} day${count === 1 ? '' : 's'}`;
  if (days < 0) return { days, words: `expired ${plural(-days)} ago` };
  return { days, words: days === 0 ? 'last day' : `${plural(days)} left` };
}

/** SITE-2: at least every five years. */
export const reviewBy = ({ reviewedOn, approval }: Site): string | null => {
  const last = reviewedOn ?? approval?.date ?? null;
  return last === null ? null : plusMonths(last, 5 * 12);
};

function limitsOf({ limitKmh, temporaryLimit, variableLimits }: Site): string {
  const others = [...new Set(variableLimits.map((each) => each.limitKmh))].map((other) => `, at times ${other}`);
  return `${limitKmh}${temporaryLimit ? ' temporary' : ''}${others.join('')}`;
}

export const siteRow = (site: Site): string[] => [
  site.code,
  site.locality === null ? site.road : `${site.road}, ${site.locality}`,
  limitsOf(site),
  String(site.threshold.speedKmh),
  site.installation,
  site.school?.name ?? '',
  reviewBy(site) ?? 'not approved',
];

export const siteJson = (site: Site, head: PackHead | null): Record<string, unknown> => ({
  code: site.code,
  road: site.road,
  locality: site.locality,
  version: site.version,
  zone: site.zone,
  installation: site.installation,
  setting: site.setting,
  limitKmh: site.limitKmh,
  temporaryLimit: site.temporaryLimit,
  thresholdKmh: site.threshold.speedKmh,
  school: site.school?.name ?? null,
  approvedOn: site.approval?.date ?? null,
  reviewedOn: site.reviewedOn,
  reviewBy: reviewBy(site),
  pack: head === null ? null : packJson(head),
});

/** All that is known about one site, as rows of name and value. */
export function siteDetails(site: Site, { activities }: Reference): [string, string][] {
  const rows: [string, string | null][] = [
    ['site', `${site.code} (${site.version ?? 'no version'})`],
    ['road', site.locality === null ? site.road : `${site.road}, ${site.locality}`],
    ['zone', site.zone],
    ['kind', `${site.installation}, ${site.setting}${site.blocks === null ? '' : `, ${site.blocks} blocks`}`],
    ['limit', `${site.limitKmh} km/h${site.temporaryLimit ? ', temporary' : ''}`],
    ...site.limitHistory.map(({ limitKmh, from, authority }): [string, string] => [
      'posted',
      `${limitKmh} km/h from ${from} (${authority})`,
    ]),
    ...site.variableLimits.map(({ from, until, limitKmh, threshold }): [string, string] => [
      'at times',
      `${limitKmh} km/h from ${from} to ${until} on school days, threshold ${threshold.speedKmh}`,
    ]),
    ...site.highRiskTimes.map(({ from, until }): [string, string] => [
      'high risk',
      `from ${from} to ${until} on school days`,
    ]),
    ['threshold', `${site.threshold.speedKmh} km/h (${site.threshold.authority}, ${site.threshold.date})`],
    ['approved', site.approval === null ? null : `${site.approval.date} (${site.approval.authority})`],
    ['review by', reviewBy(site)],
    [
      'lanes',
      site.lanes
        .map(({ id, direction, monitored }) => `${id} ${direction}${monitored ? '' : ', not monitored'}`)
        .join('; '),
    ],
    ...site.limitDrops.map(({ chainageM, direction, toKmh }): [string, string] => [
      'limit drop',
      `to ${toKmh} km/h at ${chainageM} m, ${direction}`,
    ]),
    ...site.merges.map(({ chainageM, direction }): [string, string] => ['merge', `at ${chainageM} m, ${direction}`]),
    ['school', site.school === null ? null : `${site.school.name} (${site.school.region ?? 'no region'})`],
    ...activities
      .filter(({ siteCode }) => siteCode === site.code)
      .map(({ name, fromUtcMs, untilUtcMs }): [string, string] => [
        'activity',
        `${name}, ${timeIn(fromUtcMs, site.zone)} to ${timeIn(untilUtcMs, site.zone)}`,
      ]),
    ['adjoining', site.adjoining.length === 0 ? null : site.adjoining.join(', ')],
    [
      'road id',
      site.roadReference === null ? null : `${site.roadReference.roadId} from ${site.roadReference.startM} m`,
    ],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}
