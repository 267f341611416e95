/**
 * The AGD 350's bytes, encoded from domain/radar-protocols.md and from nothing else: byte 02h, message type and fields
 * with commas, `*`, CRC-8 (polynomial 07h) in hex over everything from 02h to `*`, byte 03h. The printed column widths
 * of the manual contradict each other; the widths here are those of its built example.
 */
const ETX = 0x03;

const CRC_OF_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  return crc;
});

export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = CRC_OF_BYTE[crc ^ byte] as number;
  return crc;
}

/** Around the body: 02h before it, `*`, two digits and 03h behind it. */
const FRAME_BYTES = 5;

/** @param body message type and fields, without `*` */
export function agdFrame(body: string): Uint8Array {
  const frame = Buffer.allocUnsafe(body.length + FRAME_BYTES);
  const star = frame.write(`\u0002${body}*`, 'latin1');
  const check = crc8(frame.subarray(0, star)).toString(16).toUpperCase().padStart(2, '0');
  frame.write(check, star, 'latin1');
  frame[star + 2] = ETX;
  return frame;
}

export interface TrackedTarget {
  readonly timeOfDayS: number;
  readonly track: number;
  readonly direction: 'A' | 'R' | 'X' | 'Y';
  readonly speedKmh: number;
  readonly rangeM: number;
  /** From the boresight, clockwise positive. */
  readonly angleDeg: number;
  readonly bearingDeg: number;
  readonly strengthDb: number;
}

export interface TargetFormat {
  readonly unit: 'K' | 'M';
  readonly coordinates: 'P' | 'C';
}

const KMH_PER_MILE_AN_HOUR = 1.609344;
const fixed = (value: number, whole: number, decimals = 1): string =>
  value.toFixed(decimals).padStart(whole + 1 + decimals, '0');
const signed = (value: number, whole: number): string =>
  (Number(value.toFixed(1)) < 0 ? '-' : '+') + fixed(Math.abs(value), whole);

/** Message `04`. */
export function trackedTargetFrame(target: TrackedTarget, format: TargetFormat): Uint8Array {
  const speed = format.unit === 'K' ? target.speedKmh : target.speedKmh / KMH_PER_MILE_AN_HOUR;
  const angle = (target.angleDeg * Math.PI) / 180;
  const place =
    format.coordinates === 'P'
      ? [fixed(target.rangeM, 3), signed(target.angleDeg, 2)]
      : [signed(target.rangeM * Math.cos(angle), 3), signed(target.rangeM * Math.sin(angle), 3)];
  return agdFrame(
    [
      '04',
      fixed(target.timeOfDayS % 86400, 5, 2),
      String(target.track).padStart(2, '0'),
      target.direction,
      fixed(speed, 3),
      format.unit,
      ...place,
      fixed(target.bearingDeg, 3),
      format.coordinates,
      fixed(Math.max(0, target.strengthDb), 3),
    ].join(','),
  );
}

export function heartbeatFrame(timeOfDayS: number): Uint8Array {
  return agdFrame(`HB,${fixed(timeOfDayS % 86400, 5, 2)}`);
}
