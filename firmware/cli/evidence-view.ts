/** How evidence is shown: the stable JSON of the contract ("evidence list --json"), and words and tables for people. */
import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { ExportAge } from '../../src/deployment/export-age.js';
import type { EvidenceRecord } from '../../src/evidence/record.js';
import { localTime } from '../../src/evidence/local-time.js';
import type { Doubt } from '../../src/evidence/doubts.js';
import type { ExposureFacts } from '../../src/evidence/types.js';
import type { EvidenceItem } from '../store/evidence-files.js';

/** One element of `evidence list --json`. Keys with a question mark in the contract are left out where nothing is known. */
export function toListEntry({ exposure, deployment, image, record, doubts }: EvidenceItem) {
  const { facts } = exposure;
  return {
    icn: exposure.icn,
    incident: exposure.incident,
    imageNumber: exposure.imageNumber,
    imageCount: exposure.imageCount,
    deployment,
    kind: exposure.kind,
    ...present('reason', exposure.reason),
    speedKmh: facts.truncatedKmh,
    measuredKmh: facts.speedKmh,
    limitKmh: facts.limitKmh,
    thresholdKmh: facts.thresholdKmh,
    direction: facts.direction,
    ...present('lane', facts.lane),
    ...present('rangeM', facts.rangeM),
    siteCode: facts.siteCode,
    ...present('school', facts.school),
    ...present('graduated', graduated(facts)),
    ...(doubts.length === 0 ? {} : { inDoubt: true, doubts: doubts.map(toDoubt) }),
    latitude: facts.cameraPosition?.latitude ?? null,
    longitude: facts.cameraPosition?.longitude ?? null,
    utc: facts.utcMs === null ? null : new Date(facts.utcMs).toISOString(),
    localTime: isoLocalTime(facts),
    demo: facts.demo,
    files: {
      ...present('image', image?.path ?? null),
      record: record.path,
      signature: record.path.replace(/record$/, 'p7s'),
    },
    sha256: {
      ...present('image', image?.sha256 ?? null),
      ...present('original', exposure.imageSha256),
      record: record.sha256,
    },
  };
}

/** LIM-3: a static site in the month after a change of its limit. */
const graduated = ({ limitKmh, graduatedFromKmh }: ExposureFacts) =>
  graduatedFromKmh === null ? null : { limitKmh, previousLimitKmh: graduatedFromKmh };

const toDoubt = ({ test, reason, sinceUtcMs }: Doubt) => ({
  test,
  reason,
  since: sinceUtcMs === null ? null : new Date(sinceUtcMs).toISOString(),
});

/** `evidence show --json`: the entry, and everything that the record holds. */
export function toShowDocument(item: EvidenceItem, record: EvidenceRecord) {
  const { exposure, ...rest } = record;
  const readings = exposure.readings.map(({ raw, ...reading }) => ({
    ...reading,
    rawHex: Buffer.from(raw).toString('hex'),
  }));
  return { ...toListEntry(item), ...rest, exposure: { ...exposure, readings } };
}

/** The mark of a record that a failed or missing test speaks against. */
const IN_DOUBT = '(!) IN DOUBT';

export function listTable(items: readonly EvidenceItem[], color: boolean): string {
  const colors = createColors(color);
  const table = new Table({
    head: ['ICN', 'kind', 'reason', 'km/h', 'limit', 'direction', 'lane', 'local time', 'site', 'image'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left', 'left', 'left', 'left', 'left'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
  });
  for (const { exposure, image, doubts } of items) {
    const { facts } = exposure;
    const plain = exposure.kind === 'incident' ? colors.green(exposure.kind) : exposure.kind;
    const kind = doubts.length === 0 ? plain : `${plain} ${colors.red(IN_DOUBT)}`;
    table.push([
      exposure.icn,
      kind,
      exposure.reason ?? '',
      words(facts.truncatedKmh),
      words(facts.limitKmh),
      facts.direction ?? '',
      facts.lane ?? '',
      readableTime(facts),
      facts.siteCode,
      image === null ? 'none' : `${exposure.icn}.jpg`,
    ]);
  }
  const reasons = new Set(items.flatMap(({ doubts }) => doubts.map(({ reason }) => reason)));
  const demo = items.some(({ exposure }) => exposure.facts.demo);
  return [
    table.toString(),
    ...[...reasons].map((reason) => colors.red(`${IN_DOUBT} ${reason}`)),
    ...(demo ? [colors.yellow('DEMO – NOT EVIDENCE')] : []),
  ].join('\n');
}

/** Name and value, one a line. */
export function showTable(item: EvidenceItem, record: EvidenceRecord, color: boolean): string {
  const { exposure } = record;
  const { facts } = exposure;
  const place = facts.cameraPosition;
  const rows: [string, string][] = [
    ['ICN', exposure.icn],
    ['incident', `${exposure.incident}, image ${String(exposure.imageNumber)} of ${String(exposure.imageCount)}`],
    ['kind', exposure.reason === null ? exposure.kind : `${exposure.kind}: ${exposure.reason}`],
    ['speed', facts.truncatedKmh === null ? 'none' : speedInWords(facts)],
    ...item.doubts.map(({ reason }): [string, string] => [IN_DOUBT, reason]),
    ['limit', limitInWords(facts)],
    ['threshold', `${words(facts.thresholdKmh)} km/h, ${facts.thresholdAuthority}, ${facts.thresholdDate}`],
    ['local time', readableTime(facts) || 'not known'],
    ['site', `${facts.siteCode}, ${facts.road}`],
    ['school', facts.school ?? 'no'],
    ['direction', facts.direction ?? 'not known'],
    ['lane', facts.lane ?? 'not known'],
    ['range', facts.rangeM === null ? 'not known' : `${facts.rangeM.toFixed(1)} m`],
    ['camera at', place === null ? 'not known' : `${place.latitude.toFixed(6)}, ${place.longitude.toFixed(6)}`],
    ['camera', `${facts.cameraId}, ${facts.cameraModel}`],
    ['approval', facts.approvalNotice ?? 'type not approved'],
    ['radar', `${facts.radarProtocol}, ${String(facts.readingsUsed)} readings used, ${String(facts.readingsCut)} cut`],
    ['software', `${record.context.software.version}, SHA-256 ${record.context.software.sha256}`],
    ['event counter', String(record.context.eventCounter)],
    ['place in the chain', String(record.link.sequence)],
    ['image', item.image?.path ?? 'none'],
    ['record', item.record.path],
    ['SHA-256 of the original', exposure.imageSha256 ?? 'none'],
    ['demo', facts.demo ? 'DEMO – NOT EVIDENCE' : 'no'],
  ];
  const table = new Table({
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
  });
  table.push(...rows);
  return table.toString();
}

const words = (value: number | null): string => (value === null ? '' : String(value));

function limitInWords({ limitKmh, graduatedFromKmh }: ExposureFacts): string {
  const before = graduatedFromKmh === null ? '' : `, graduated: ${words(graduatedFromKmh)} km/h before the change`;
  return `${words(limitKmh)} km/h${before}`;
}

function speedInWords({ truncatedKmh, speedKmh }: ExposureFacts): string {
  const full = speedKmh === null ? '' : ` (measured ${speedKmh.toFixed(2)})`;
  return `${words(truncatedKmh)} km/h${full}`;
}

/** 2026-02-28T14:05:09.123+13:00; null where the time was not known. */
function isoLocalTime({ utcMs, zone }: ExposureFacts): string | null {
  if (utcMs === null) return null;
  const { date, time, milliseconds, offset } = localTime(utcMs, zone);
  return `${date}T${time}.${milliseconds}${offset}`;
}

function readableTime({ utcMs, zone }: ExposureFacts): string {
  if (utcMs === null) return '';
  const { date, time, offset } = localTime(utcMs, zone);
  return `${date} ${time} ${offset}`;
}

function present<Key extends string, Value>(key: Key, value: Value | null): Partial<Record<Key, Value>> {
  return value === null ? {} : ({ [key]: value } as Record<Key, Value>);
}

/** EXP-1, the last line of the list. */
export function exportLine({ level, sentence }: ExportAge, color: boolean): string {
  const colors = createColors(color);
  if (level === 'warning') return colors.yellow(`Warning: ${sentence}`);
  return level === 'alarm' || level === 'overdue' ? colors.red(`ALARM: ${sentence}`) : sentence;
}
