/**
 * What gpsd says of a receiver: TPV and SKY reports (protocol version 3.14). The `status` of a fix is left out, as gpsd
 * does for an ordinary one; 8 would say "simulated" and no session could open.
 */
import type { Random } from '../prng.js';

export type Reception = 'fix' | 'no-fix' | 'silent';

/** True place of the antenna. */
export interface ReceiverPlace {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM: number;
}

export const DEVICE = '/dev/pretend-gps';
/** Horizontal error that the receiver states (95 %) and the spread it really shows. */
export const STATED_ERROR_M = 2.4;
const WANDER_M = 0.15;
const METRES_PER_DEGREE = 111_320;

/** The sky is covered. */
export const lostReport = (): Record<string, unknown> => ({ class: 'TPV', device: DEVICE, mode: 1, leapseconds: 18 });

/** A report with a fix. @param utcMs of the fix */
export function tpvReport(
  { latitude, longitude, altitudeM }: ReceiverPlace,
  random: Random,
  utcMs: number,
): Record<string, unknown> {
  const perDegreeEast = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return {
    class: 'TPV',
    device: DEVICE,
    mode: 3,
    time: new Date(utcMs).toISOString(),
    leapseconds: 18,
    ept: 0.005,
    lat: Number((latitude + random.gaussian(WANDER_M) / METRES_PER_DEGREE).toFixed(9)),
    lon: Number((longitude + random.gaussian(WANDER_M) / perDegreeEast).toFixed(9)),
    altHAE: altitudeM + 14,
    altMSL: altitudeM,
    alt: altitudeM,
    epx: STATED_ERROR_M * 0.7,
    epy: STATED_ERROR_M * 0.7,
    epv: 4.6,
    track: 0,
    speed: Number(Math.abs(random.gaussian(0.02)).toFixed(3)),
    climb: 0,
    eps: 0.2,
    eph: STATED_ERROR_M,
    sep: 5.2,
  };
}

/** @param used whether the satellites are received @param seconds of any clock, for their way over the sky */
export function skyReport(used: boolean, seconds: number): Record<string, unknown> {
  return {
    class: 'SKY',
    device: DEVICE,
    hdop: used ? 0.9 : 99.9,
    pdop: used ? 1.6 : 99.9,
    nSat: 9,
    uSat: used ? 9 : 0,
    satellites: Array.from({ length: 9 }, (_, index) => ({
      PRN: index * 3 + 2,
      gnssid: 0,
      svid: index * 3 + 2,
      el: 15 + index * 8,
      az: (index * 40 + Math.floor(seconds / 60)) % 360,
      ss: used ? 30 + (index % 4) * 3 : 0,
      used,
    })),
  };
}
