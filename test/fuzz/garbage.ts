/**
 * Garbage for the radars' decoders, by the megabyte: noise, frames that are nearly right (their CRC is), frames that were
 * cut, in chunks of any size, and after each burst a good frame that must be read.
 */
import { createRandom, type Random } from '../../hw-sim/prng.js';
import { Agd350Decoder } from '../../src/radar/agd350-decoder.js';
import { Ops243Decoder } from '../../src/radar/ops243-decoder.js';
import { Ops243Scale } from '../../src/radar/ops243-scale.js';
import type { RadarDecoder, Reading } from '../../src/radar/reading.js';
import { monotonicNs } from '../../src/units.js';
import { agdFrameText, agdReadings } from '../oracle/agd-frames.js';
import { opsReadings } from '../oracle/ops-lines.js';

export interface GarbageResult {
  readonly bytes: number;
  readonly accepted: number;
  readonly bursts: number;
}

interface Radar {
  readonly make: () => RadarDecoder;
  /** A frame that is nearly right, or right. */
  readonly almost: (random: Random) => Uint8Array;
  readonly good: (random: Random) => { readonly bytes: Uint8Array; readonly speedKmh: number };
  /** Whether an independent reader takes this frame for a reading. */
  readonly isReading: (raw: Uint8Array) => boolean;
}

const latin1 = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const digits = (random: Random, whole: number, decimals: number): string =>
  (random.uniform() * 10 ** whole).toFixed(decimals).padStart(whole + 1 + decimals, '0');
const ODD = ['', '-', '1e3', 'NaN', '0x10', '+', '99999999999', ' ', '1.2.3', 'K', '\u00ff'] as const;
const oddly = (random: Random, value: string): string => (random.uniform() < 0.12 ? random.pick(ODD) : value);

function agdBody(random: Random): string {
  return [
    oddly(random, '04'),
    oddly(random, digits(random, 5, 2)),
    oddly(random, String(Math.floor(random.uniform() * 99)).padStart(2, '0')),
    oddly(random, random.pick(['A', 'R', 'X', 'Y', 'Z'])),
    oddly(random, digits(random, 3, 1)),
    oddly(random, random.pick(['K', 'M', 'Q'])),
    oddly(random, digits(random, 3, 1)),
    oddly(random, `${random.pick(['+', '-'])}${digits(random, 2, 1)}`),
    oddly(random, digits(random, 3, 1)),
    oddly(random, random.pick(['P', 'C', 'X'])),
    oddly(random, digits(random, 3, 1)),
  ].join(',');
}

function opsLine(random: Random): string {
  const unit = random.uniform() < 0.3 ? `,"unit":"${random.pick(['kmph', 'mps', 'furlongs', 'mph'])}"` : '';
  const speed = oddly(random, `${random.pick(['', '-'])}${digits(random, 2, 2)}`);
  return `{"speed":"${speed}","magnitude":"${oddly(random, digits(random, 4, 2))}"${unit}}\r\n`;
}

const AGD: Radar = {
  make: () => new Agd350Decoder({ baudRate: 921_600, parity: 'odd', corrected: false }),
  almost: (random) => latin1(agdFrameText(agdBody(random))),
  good: (random) => {
    const speed = (30 + random.uniform() * 150).toFixed(1).padStart(5, '0');
    const body = `04,01234.50,07,R,${speed},K,021.4,-01.2,022.5,P,061.0`;
    return { bytes: latin1(agdFrameText(body)), speedKmh: Number(speed) };
  },
  isReading: (raw) => agdReadings(raw).length === 1,
};

const OPS: Radar = {
  make: () => new Ops243Decoder({ baudRate: 19_200, parity: 'none', corrected: false }, new Ops243Scale()),
  almost: (random) => latin1(opsLine(random)),
  good: (random) => {
    const speed = (30 + random.uniform() * 100).toFixed(2);
    return { bytes: latin1(`\r\n{"speed":"${speed}","unit":"kmph"}\r\n`), speedKmh: Number(speed) };
  },
  isReading: (raw) => opsReadings(Buffer.concat([raw, latin1('\r\n')])).length > 0,
};

export const RADARS = { agd350: AGD, ops243: OPS } as const;

const NOISE_BYTES = 1 << 20;
const BURST_BYTES = 64 * 1024;

/** @throws Error where a frame is accepted that the independent reader rejects, or a good one is not read */
export function feedGarbage(name: keyof typeof RADARS, wantedBytes: number, seed: number): GarbageResult {
  const radar = RADARS[name];
  const random = createRandom(seed, `garbage for ${name}`);
  const noise = Uint8Array.from({ length: NOISE_BYTES }, () => random.uniform() * 256);
  const decoder = radar.make();
  const found: Reading[] = [];
  let [bytes, accepted, bursts, atMs] = [0, 0, 0, 0];
  const push = (chunk: Uint8Array): void => {
    atMs += 1;
    bytes += chunk.length;
    decoder.push(chunk, monotonicNs(atMs * 1e6), (event) => {
      if (event.type === 'reading') found.push(event.reading);
    });
  };
  while (bytes < wantedBytes) {
    const until = bytes + BURST_BYTES;
    while (bytes < until) {
      const at = Math.floor(random.uniform() * (NOISE_BYTES - 4096));
      push(noise.subarray(at, at + 1 + Math.floor(random.uniform() * 4095)));
      for (let frames = Math.floor(random.uniform() * 12); frames > 0; frames -= 1) {
        const frame = radar.almost(random);
        push(random.uniform() < 0.25 ? frame.subarray(0, Math.floor(random.uniform() * frame.length)) : frame);
      }
    }
    for (const { raw } of found.splice(0)) {
      accepted += 1;
      if (!radar.isReading(raw))
        throw new Error(`${name}: accepted what no frame is: ${Buffer.from(raw).toString('hex')}`);
    }
    const good = radar.good(random);
    push(good.bytes);
    bursts += 1;
    const read = found.splice(0).some(({ speedKmh }) => Math.abs(speedKmh - good.speedKmh) < 1e-6);
    if (!read) throw new Error(`${name}: the good frame after burst ${String(bursts)} was not read`);
  }
  return { bytes, accepted, bursts };
}
