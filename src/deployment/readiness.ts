/** Why the camera may not enforce now: a stable code and a sentence with the value and the limit. */

export const REFUSAL_CODES = [
  'radar-link-down',
  'radar-unusable',
  'radar-unintelligible',
  'position-simulated',
  'position-none',
  'position-stale',
  'position-unproven',
  'van-rolling',
  'van-moved',
  'clock-unknown',
  'clock-unproven',
  'clock-disagrees',
  'site-place',
  'camera-out-of-sync',
  'camera-not-ready',
  'tamper',
  'no-numbers',
  'store-failed',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  readonly code: RefusalCode;
  readonly sentence: string;
}
