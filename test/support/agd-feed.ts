/**
 * AGD 350 frames from outside: an encoder of its own, and the geometry of a vehicle that crosses a beam turned 22.5
 * degrees. Nothing here comes from `src/` or `hw-sim/`.
 */

const BORESIGHT_DEG = 22.5;
const HALF_BEAM_DEG = 2.5;

/** Bit by bit, polynomial 07h, as the manual prints it. */
function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x07) & 0xff;
  }
  return crc & 0xff;
}

export function agdFrame(fields: string): Buffer {
  const body = Buffer.from(`\x02${fields}*`, 'latin1');
  const check = crc8(body).toString(16).toUpperCase().padStart(2, '0');
  return Buffer.concat([body, Buffer.from(`${check}\x03`, 'latin1')]);
}

export interface Crossing {
  readonly track: number;
  readonly speedKmh: number;
  /** Towards the radar, or away from it; X: the radar's own simulated target, towards it. */
  readonly direction: 'A' | 'R' | 'X';
  readonly lateralM: number;
  /** Frames a second. */
  readonly rateHz?: number;
  /** Every second frame shows this speed instead: two bodies in one resolution cell. */
  readonly otherSpeedKmh?: number;
}

export interface TimedFrame {
  readonly atMs: number;
  readonly bytes: Buffer;
}

/**
 * The frames of one body of 4.5 m that crosses the beam: seen from the moment its front meets the beam's first edge
 * until its tail leaves the other. The beam is turned to the left (facing rear, van on the left), so that a positive
 * angle lies nearer to the road's axis.
 */
export function crossing({ track, speedKmh, direction, lateralM, rateHz = 50, otherSpeedKmh }: Crossing): TimedFrame[] {
  const farM = lateralM / Math.tan(((BORESIGHT_DEG - HALF_BEAM_DEG) * Math.PI) / 180);
  const nearM = lateralM / Math.tan(((BORESIGHT_DEG + HALF_BEAM_DEG) * Math.PI) / 180);
  const pathM = farM - nearM + 4.5;
  const frames: TimedFrame[] = [];
  const stepM = speedKmh / 3.6 / rateHz;
  for (let count = 0; count * stepM <= pathM; count += 1) {
    const bodyM = Math.min(count * stepM, farM - nearM);
    const aheadM = direction === 'R' ? nearM + bodyM : farM - bodyM;
    const sightRad = Math.atan2(lateralM, aheadM);
    const shown = otherSpeedKmh !== undefined && count % 2 === 1 ? otherSpeedKmh : speedKmh;
    const fields = [
      '04',
      (43_200 + count / rateHz).toFixed(2).padStart(8, '0'),
      String(track).padStart(2, '0'),
      direction,
      (shown * Math.cos(sightRad)).toFixed(1).padStart(5, '0'),
      'K',
      Math.hypot(aheadM, lateralM).toFixed(1).padStart(5, '0'),
      signed(BORESIGHT_DEG - (sightRad * 180) / Math.PI),
      direction === 'R' ? '337.5' : '157.5',
      'P',
      '061.5',
    ];
    frames.push({ atMs: (count * 1000) / rateHz, bytes: agdFrame(fields.join(',')) });
  }
  return frames;
}

function signed(angleDeg: number): string {
  return `${angleDeg < 0 ? '-' : '+'}${Math.abs(angleDeg).toFixed(1).padStart(4, '0')}`;
}
