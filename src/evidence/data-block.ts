/**
 * The words of the data block (contract, "The data block on the image"): what an exposure's facts say, as labelled
 * fields in reading order. No layout here. What is not known is said to be unknown, or left out where the contract asks
 * for it only "where known" (SCH-4: a school site names its school; CAL-4: an unapproved type says so).
 */
import type { GeoPoint } from '../site/types.js';
import { localTime } from './local-time.js';
import type { ConcludedExposure, ExposureFacts, ExposureKind } from './types.js';

export interface DataField {
  readonly label: string;
  readonly value: string;
}

export interface DataBlock {
  readonly icn: string;
  /** Whole km/h as text; null where there is no speed. */
  readonly speed: string | null;
  readonly limit: string;
  /** Null for an incident. */
  readonly banner: { readonly word: string; readonly tone: 'alarm' | 'note' } | null;
  /** Most important first; a small picture takes only as many as it has room for. */
  readonly fields: readonly DataField[];
  readonly demo: boolean;
}

export const DEMO_TEXT = 'DEMO – NOT EVIDENCE';

const BANNERS: Readonly<Record<ExposureKind, { word: string; tone: 'alarm' | 'note' } | null>> = {
  incident: null,
  annulled: { word: 'ANNULLED', tone: 'alarm' },
  void: { word: 'VOID', tone: 'alarm' },
  unmatched: { word: 'UNMATCHED', tone: 'alarm' },
  sync: { word: 'SYNC SHOT', tone: 'note' },
  alignment: { word: 'ALIGNMENT', tone: 'note' },
  test: { word: 'TEST', tone: 'note' },
};

const COMPASS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;

/** 47.3 -> "NE 047°" */
export function compass(headingDeg: number): string {
  const degrees = ((Math.round(headingDeg) % 360) + 360) % 360;
  return `${COMPASS[Math.round(degrees / 45) % 8] ?? 'N'} ${String(degrees).padStart(3, '0')}°`;
}

/** Five decimals are about a metre. */
function coordinates({ latitude, longitude }: GeoPoint): string {
  const north = `${Math.abs(latitude).toFixed(5)}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${north} ${Math.abs(longitude).toFixed(5)}° ${longitude < 0 ? 'W' : 'E'}`;
}

function vehiclePlace(facts: ExposureFacts): string {
  const range = facts.rangeM === null ? '' : `, range ${facts.rangeM.toFixed(1)} m`;
  if (facts.vehicleChainageM !== null) return `chainage ${Math.round(facts.vehicleChainageM)} m${range}`;
  const { vehicleFromChainageM: from, vehicleToChainageM: to } = facts;
  if (from === null || to === null) return `not known${range}`;
  return `chainage ${Math.round(Math.min(from, to))} to ${Math.round(Math.max(from, to))} m${range}`;
}

function timeFields({ utcMs, zone }: ExposureFacts): DataField[] {
  if (utcMs === null)
    return [
      { label: 'Date', value: 'not known' },
      { label: 'Time', value: 'not known' },
    ];
  const local = localTime(utcMs, zone);
  return [
    { label: 'Date', value: local.date },
    { label: 'Time', value: `${local.time}.${local.milliseconds} UTC${local.offset}` },
  ];
}

function vehicleFields(facts: ExposureFacts): DataField[] {
  const ways = [facts.direction, facts.headingDeg === null ? null : compass(facts.headingDeg)];
  const direction = ways.filter((way) => way !== null).join(', ');
  return [
    { label: 'Direction', value: direction === '' ? 'not known' : direction },
    { label: 'Lane', value: facts.lane ?? 'not known' },
    { label: 'Vehicle', value: vehiclePlace(facts) },
    ...(facts.vehiclePosition === null ? [] : [{ label: 'Vehicle at', value: coordinates(facts.vehiclePosition) }]),
  ];
}

/** An image without a vehicle (sync shot, unmatched) has nothing to say of one. */
const concernsVehicle = ({ kind, passId }: ConcludedExposure): boolean =>
  passId !== null || kind === 'incident' || kind === 'annulled';

/** @param exposure a concluded exposure, with or without image */
export function dataBlock(exposure: ConcludedExposure): DataBlock {
  const { facts } = exposure;
  const image = `image ${exposure.imageNumber} of ${exposure.imageCount}`;
  const camera = facts.cameraPosition === null ? 'not known' : coordinates(facts.cameraPosition);
  return {
    icn: exposure.icn,
    speed: facts.truncatedKmh === null ? null : String(facts.truncatedKmh),
    limit: String(facts.limitKmh),
    banner: BANNERS[exposure.kind],
    fields: [
      ...(exposure.reason === null ? [] : [{ label: 'Reason', value: exposure.reason.replaceAll('-', ' ') }]),
      ...timeFields(facts),
      { label: 'Site', value: facts.siteCode },
      { label: 'Road', value: facts.road },
      ...(facts.school === null ? [] : [{ label: 'School', value: facts.school }]),
      ...(concernsVehicle(exposure) ? vehicleFields(facts) : []),
      { label: 'Incident', value: `${exposure.incident}, ${image}` },
      { label: 'Camera', value: `${facts.cameraId} ${facts.cameraModel}`.trim() },
      { label: 'Camera at', value: camera },
      {
        label: 'Type',
        value: facts.approvalNotice === null ? 'type not approved' : `approved: ${facts.approvalNotice}`,
      },
      ...(facts.radarSettingsUnconfirmed ? [{ label: 'Radar', value: 'settings unconfirmed' }] : []),
    ],
    demo: facts.demo,
  };
}

/** The block as one line for EXIF's ImageDescription. */
export function describe(block: DataBlock): string {
  const speed = block.speed === null ? 'no speed' : `${block.speed} km/h`;
  const banner = block.banner === null ? [] : [block.banner.word];
  const demo = block.demo ? [DEMO_TEXT] : [];
  const fields = block.fields.map(({ label, value }) => `${label} ${value}`);
  return [...demo, `ICN ${block.icn}`, ...banner, `${speed}, limit ${block.limit} km/h`, ...fields].join('; ');
}
