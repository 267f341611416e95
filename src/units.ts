/**
 * Units as branded numbers, so that a speed cannot be passed where a distance is due and so that the two clocks
 * (monotonic and UTC) can never be mixed by accident. A brand costs nothing at run time.
 */

declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

/** Speed in kilometres an hour. */
export type KmH = Branded<'km/h'>;
/** Distance in metres. */
export type Metres = Branded<'m'>;
/** Angle in degrees. */
export type Degrees = Branded<'deg'>;
/**
 * CLOCK_MONOTONIC in nanoseconds. A double is exact to one nanosecond for 104 days of uptime and to two for 208;
 * every process of the van reads the same clock, so values of different processes may be compared.
 */
export type MonotonicNs = Branded<'monotonic ns'>;
/** Milliseconds since 1970-01-01 UTC, with fractions. */
export type UtcMs = Branded<'utc ms'>;

export const kmh = (value: number): KmH => value as KmH;
export const metres = (value: number): Metres => value as Metres;
export const degrees = (value: number): Degrees => value as Degrees;
export const monotonicNs = (value: number): MonotonicNs => value as MonotonicNs;
export const utcMs = (value: number): UtcMs => value as UtcMs;

export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;
export const KMH_PER_MS = 3.6;
export const KMH_PER_MPH = 1.609344;

export const plusNs = (at: MonotonicNs, deltaNs: number): MonotonicNs => (at + deltaNs) as MonotonicNs;
export const toRadians = (angle: number): number => (angle * Math.PI) / 180;
export const toDegrees = (radians: number): Degrees => ((radians * 180) / Math.PI) as Degrees;
