/**
 * What a record of each kind cannot do without, whatever it says that it leaves out: an incident without a speed or
 * without an image is no incident. Paths are those of proto/evidence.proto.
 */
import type { ExposureKind } from './types.js';

const IMAGE = ['image_id', 'image_ns', 'camera_file_sha256', 'sealed_image_sha256', 'splice', 'matching'];
const PULSE = ['trigger_ns', 'readiness', 'clock', 'position', 'facts.utc_ms', 'facts.clock_uncertainty_ms'];
const MEASURED = [
  'pass_id',
  'verdict',
  'facts.speed_kmh',
  'facts.truncated_kmh',
  'facts.direction',
  'facts.camera_position',
  'facts.van_chainage_m',
  'facts.vehicle_from_chainage_m',
  'facts.vehicle_to_chainage_m',
];

/** Of every record; everything else of it may be unknown. */
const ALWAYS = [
  'version',
  'icn',
  'incident',
  'image_number',
  'image_count',
  'kind',
  'concluded_ns',
  'flash',
  'facts',
  'facts.limit_kmh',
  'facts.threshold_kmh',
  'facts.threshold_authority',
  'facts.threshold_date',
  'facts.site_code',
  'facts.road',
  'facts.zone',
  'facts.camera_id',
  'facts.camera_model',
  'facts.radar_protocol',
  'facts.radar_settings_unconfirmed',
  'facts.readings_used',
  'facts.readings_cut',
  'facts.demo',
  'software_version',
  'deployment',
  'geometry',
  'estimator',
  'previous_record_sha256',
  'sequence',
  'type',
  'software',
  'software.version',
  'software.sha256',
  'event_counter',
  'parameters_sha256',
  'site',
  'site.code',
  'site.sha256',
  'camera_timing',
];

const BY_KIND: Readonly<Record<ExposureKind, readonly string[]>> = {
  incident: [...PULSE, ...MEASURED, ...IMAGE],
  annulled: ['reason', ...PULSE, ...IMAGE],
  void: ['reason'],
  unmatched: ['reason'],
  sync: [...PULSE, ...IMAGE],
  alignment: [...IMAGE],
  test: [],
};

/** @returns paths that a record of this kind must state */
export const requiredFields = (kind: ExposureKind): readonly string[] => [...ALWAYS, ...BY_KIND[kind]];

/** @param absent what the record leaves out. @returns the required fields among it */
export function missingRequired(kind: ExposureKind, absent: readonly string[]): string[] {
  const required = new Set(requiredFields(kind));
  return absent.filter((path) => required.has(path));
}
