/** The protocols that get garbage: how a frame is made, nearly right or right, who reads it, and who judges that. */
import { skyReport, tpvReport, lostReport } from '../../hw-sim/instruments/gpsd-reports.js';
import type { Random } from '../../hw-sim/prng.js';
import { GpsdLines } from '../../firmware/drivers/gpsd-lines.js';
import { readTpv } from '../../firmware/drivers/gpsd.js';
import { Agd350Decoder } from '../../src/radar/agd350-decoder.js';
import { Ops243Decoder } from '../../src/radar/ops243-decoder.js';
import { Ops243Scale } from '../../src/radar/ops243-scale.js';
import type { RadarDecoder, Reading } from '../../src/radar/reading.js';
import { monotonicNs } from '../../src/units.js';
import { agdFrameText, agdReadings, type OracleReading } from '../oracle/agd-frames.js';
import { gpsdFixes } from '../oracle/gpsd-lines.js';
import { opsAtStart, opsReadingsOf } from '../oracle/ops-lines.js';
import { comparable } from '../radar/support.js';

/** What a reader and its judge made of the same burst. */
export interface Judged {
  readonly found: readonly object[];
  readonly expected: readonly object[];
}

export interface GarbageReader {
  push(chunk: Uint8Array): void;
  /** @param burst all that was pushed since the last call */
  judge(burst: Uint8Array): Judged;
}

export interface GoodFrame {
  readonly bytes: Uint8Array;
  readonly isRead: (last: object | undefined) => boolean;
}

export interface GarbageProtocol {
  readonly open: () => GarbageReader;
  /** A frame that is nearly right, or right. */
  readonly almost: (random: Random) => Uint8Array;
  /** What ends garbage where the protocol needs it. */
  readonly garbageEnd: string;
  readonly good: (random: Random) => GoodFrame;
}

const latin1 = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const digits = (random: Random, whole: number, decimals: number): string =>
  (random.uniform() * 10 ** whole).toFixed(decimals).padStart(whole + 1 + decimals, '0');
const ODD = ['', '-', '1e3', 'NaN', '0x10', '+', '99999999999', ' ', '1.2.3', 'K', '\u00ff'] as const;
const oddly = (random: Random, value: string): string => (random.uniform() < 0.12 ? random.pick(ODD) : value);

function radarReader(decoder: RadarDecoder, oracle: (burst: Uint8Array) => OracleReading[]): GarbageReader {
  const found: Reading[] = [];
  let chunks = 0;
  return {
    push: (chunk) => {
      chunks += 1;
      decoder.push(chunk, monotonicNs(chunks * 1e6), (event) => {
        if (event.type === 'reading') found.push(event.reading);
      });
    },
    judge: (burst) => ({ found: found.splice(0).map(comparable), expected: oracle(burst) }),
  };
}

const saysSpeed =
  (speedKmh: number) =>
  (last: object | undefined): boolean =>
    last !== undefined && 'speedKmh' in last && Math.abs(Number(last.speedKmh) - speedKmh) < 1e-6;

/** Most often within what a reading may have, and sometimes just beyond. */
function agdBody(random: Random): string {
  const upTo = (most: number, decimals: number, width: number): string =>
    (random.uniform() * most).toFixed(decimals).padStart(width, '0');
  const mostly = (good: readonly string[], bad: string): string => (random.uniform() < 0.95 ? random.pick(good) : bad);
  const fields = [
    '04',
    upTo(87_000, 2, 8),
    upTo(99, 0, 2),
    mostly(['A', 'R', 'X', 'Y'], 'Z'),
    upTo(330, 1, 5),
    mostly(['K', 'M'], 'Q'),
    upTo(400, 1, 5),
    `${random.pick(['+', '-'])}${upTo(92, 1, 4)}`,
    upTo(370, 1, 5),
    mostly(['P', 'C'], 'X'),
    upTo(205, 1, 5),
  ];
  if (random.uniform() < 0.4) fields[Math.floor(random.uniform() * fields.length)] = random.pick(ODD);
  return fields.join(',');
}

const AGD: GarbageProtocol = {
  open: () => radarReader(new Agd350Decoder({ baudRate: 921_600, parity: 'odd', corrected: false }), agdReadings),
  almost: (random) => latin1(agdFrameText(agdBody(random))),
  garbageEnd: '',
  good: (random) => {
    const speed = (30 + random.uniform() * 150).toFixed(1).padStart(5, '0');
    const body = `04,01234.50,07,R,${speed},K,021.4,-01.2,022.5,P,061.0`;
    return { bytes: latin1(agdFrameText(body)), isRead: saysSpeed(Number(speed)) };
  },
};

function opsLine(random: Random): string {
  // Rates whose ceiling the good frame stays below.
  if (random.uniform() < 0.03) return `{"SamplingRate":${random.pick(['10000', '20000', '"50000"'])}}\r\n`;
  if (random.uniform() < 0.05)
    return `{"Units":"${random.pick(['kmph', 'm-per-sec', 'cm-per-sec', 'feet', 'mph'])}"}\r\n`;
  const unit = random.uniform() < 0.3 ? `,"unit":"${random.pick(['kmph', 'mps', 'furlongs', 'mph'])}"` : '';
  const word = random.uniform() < 0.2 ? `,"direction":"${random.pick(['inbound', 'outbound', 'up'])}"` : '';
  const speed = oddly(random, `${random.pick(['', '-'])}${digits(random, 2, 2)}`);
  const several = random.uniform() < 0.2 ? `["${speed}",${random.pick(['1.5', '-2', 'null', '"x"'])}]` : `"${speed}"`;
  return `{"speed":${several},"magnitude":"${oddly(random, digits(random, 4, 2))}"${unit}${word}}\r\n`;
}

function opsReader(): GarbageReader {
  const known = opsAtStart();
  const settings = { baudRate: 19_200, parity: 'none', corrected: false } as const;
  return radarReader(new Ops243Decoder(settings, new Ops243Scale()), (burst) =>
    Buffer.from(burst)
      .toString('latin1')
      .split(/[\r\n]/)
      .slice(0, -1)
      .flatMap((line) => opsReadingsOf(line, known)),
  );
}

const OPS: GarbageProtocol = {
  open: opsReader,
  almost: (random) => latin1(opsLine(random)),
  garbageEnd: '',
  good: (random) => {
    const speed = (30 + random.uniform() * 80).toFixed(2);
    return { bytes: latin1(`{"speed":"${speed}","unit":"kmph"}\r\n`), isRead: saysSpeed(Number(speed)) };
  },
};

/** A report of the pretend receiver, with a member or two that make no sense. */
function gpsdLine(random: Random): string {
  const place = { latitude: -40 + random.uniform(), longitude: 175 + random.uniform(), altitudeM: 40 };
  const report = random.pick([
    () => tpvReport(place, random, 1.77e12 + Math.floor(random.uniform() * 1e9)),
    () => skyReport(random.uniform() < 0.5, Math.floor(random.uniform() * 1e6)),
    lostReport,
  ])();
  const names = ['mode', 'time', 'lat', 'lon', 'alt', 'altMSL', 'speed', 'eph', 'epx', 'epy', 'class'];
  const values = [null, -1, 1e308, '3', 'NaN', [], {}, true, 181, 0.5, 'TPV', 'error', 'disconnected', '2026-02-30'];
  const odd = random.uniform() < 0.3 ? { [random.pick(names)]: random.pick<unknown>(values) } : {};
  const glue = random.uniform() < 0.1 ? '{"class":"TPV","mode":2}' : '';
  return `${JSON.stringify({ ...report, ...odd })}${glue}${random.pick(['\r\n', '\n'])}`;
}

function gpsdReader(): GarbageReader {
  const lines = new GpsdLines();
  const found: object[] = [];
  return {
    push: (chunk) => {
      for (const report of lines.push(Buffer.from(chunk).toString('latin1')).reports) {
        if (report['class'] !== 'TPV') continue;
        const { mode, utcMs, latitude, longitude, altitudeM, speedMs, horizontalErrorM } = readTpv(report);
        found.push({ mode, utcMs, latitude, longitude, altitudeM, speedMs, horizontalErrorM });
      }
    },
    judge: (burst) => ({ found: found.splice(0), expected: gpsdFixes(burst) }),
  };
}

const GPSD: GarbageProtocol = {
  open: gpsdReader,
  almost: (random) => latin1(gpsdLine(random)),
  garbageEnd: '\n',
  good: (random) => {
    const latitude = Number((-40 - random.uniform()).toFixed(7));
    const line = `${JSON.stringify({ class: 'TPV', mode: 3, lat: latitude, lon: 175 })}\r\n`;
    return {
      bytes: latin1(line),
      isRead: (last) => last !== undefined && 'latitude' in last && last.latitude === latitude,
    };
  },
};

export const PROTOCOLS = { agd350: AGD, ops243: OPS, gpsd: GPSD } as const;
