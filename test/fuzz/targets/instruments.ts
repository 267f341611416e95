/** What radars, receiver, I/O board and whoever plays the van send. */
import { EventEmitter } from 'node:events';
import Firmata from 'firmata';
import { GpsdLines } from '../../../firmware/drivers/gpsd-lines.js';
import { readTpv } from '../../../firmware/drivers/gpsd.js';
import { parseInputLine } from '../../../firmware/drivers/simulated-lines.js';
import { objectToPins } from '../../../firmware/io-board/pins.js';
import { skyReport, tpvReport } from '../../../hw-sim/instruments/gpsd-reports.js';
import { createRandom } from '../../../hw-sim/prng.js';
import { createRadarDriver } from '../../../src/radar/index.js';
import type { RadarProtocol } from '../../../src/radar/reading.js';
import { monotonicNs } from '../../../src/units.js';
import { agdFrameText } from '../../oracle/agd-frames.js';
import type { FuzzTarget } from '../target.js';
import { latin1, text, utf8 } from './parts.js';

const AT = monotonicNs(1e12);

/** Decoder and dialogue together, as the trigger process has them. */
function radar(protocol: RadarProtocol, baudRate: number, parity: 'odd' | 'none', seeds: Uint8Array[]): FuzzTarget {
  const settings = { protocol, baudRate, parity, corrected: false, requireReadback: true, selfTest: true };
  return {
    name: protocol,
    seeds,
    run: (bytes) => {
      const { decoder, dialogue } = createRadarDriver(settings);
      dialogue.linkUp(AT);
      dialogue.startSelfTest(AT);
      let understood = false;
      for (const part of [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)]) {
        decoder.push(part, AT, (event) => {
          understood ||= event.type !== 'discard';
          dialogue.onEvent(event);
        });
        dialogue.takeCommands();
      }
      dialogue.tick(monotonicNs(AT + 6e10));
      dialogue.condition(monotonicNs(AT + 6e10));
      return understood;
    },
  };
}

function radars(): FuzzTarget[] {
  const bodies = [
    '04,01234.50,07,R,098.7,K,021.4,-01.2,022.5,P,061.0',
    'HB,01234.50',
    '04,00001.00,01,A,061.2,M,+20.0,-08.1,180.0,C,050.1',
    'ER,04',
  ];
  const ops = [
    '{"speed":"-27.35","magnitude":"1234.5","time":"12.345"}\r\n',
    '{"speed":["12.1","-3.0"],"magnitude":["9","8"],"direction":["inbound","outbound"],"unit":"mps"}\r\n',
    '{"Units":"km-per-hr"}\r\n{"SamplingRate":20000}\r\n',
  ];
  return [
    radar('agd350', 921_600, 'odd', [
      ...bodies.map((body) => latin1(agdFrameText(body))),
      ...['#SU=K\r', '#TS:COMPLETE\r\n', '#ERROR 3\r'].map(text),
    ]),
    radar('ops243', 19_200, 'none', ops.map(text)),
  ];
}

function gpsd(): FuzzTarget {
  const place = { latitude: -40.1, longitude: 175.2, altitudeM: 40 };
  const tpv = JSON.stringify(tpvReport(place, createRandom(1, 'fuzz'), 1.77e12));
  return {
    name: 'gpsd',
    seeds: [
      text(`${tpv}\r\n${JSON.stringify(skyReport(true, 7))}\r\n`),
      text('{"class":"TPV","mode":1}{"class":"TPV","mode":2}\n'),
    ],
    run: (bytes) => {
      const { reports } = new GpsdLines().push(`${Buffer.from(bytes).toString('latin1')}\n`);
      for (const report of reports) {
        const fix = readTpv(report);
        const { latitude, longitude, speedMs, horizontalErrorM, altitudeM } = fix;
        const isBounded = [latitude, longitude, speedMs, horizontalErrorM, altitudeM].every(
          (each) => each === null || Math.abs(each) <= 1e6,
        );
        if (!isBounded) throw new RangeError(`a fix without bounds: ${JSON.stringify(fix)}`);
      }
      return reports.length > 0;
    },
  };
}

const PINS = {
  ...{ tailgateOpen: 2, tailgateClosed: 3, parkLights: 4, tamperLoop: 5, flashReady: 6, armKey: 7, lamp: 8 },
  ...{ battery: 'A0', cabinet: 'A1' },
};

/** What an Uno with StandardFirmata says from its start to its first answers. */
function greeting(): Uint8Array {
  const digital = [0, 1, 1, 1, 11, 1, 3, 8, 4, 14, 127];
  const analog = [0, 1, 1, 1, 2, 10, 11, 1, 127];
  const name = [...Buffer.from('StandardFirmata.ino')].flatMap((code) => [code, 0]);
  return Uint8Array.from([
    ...[0xf9, 2, 6, 0xf0, 0x79, 2, 6, ...name, 0xf7],
    ...[0xf0, 0x6c, 127, 127, ...Array<number[]>(12).fill(digital).flat()],
    ...[...Array<number[]>(6).fill(analog).flat(), 0xf7],
    ...[0xf0, 0x6a, ...Array<number>(14).fill(127), 0, 1, 2, 3, 4, 5, 0xf7],
    ...[0x90, 0x7c, 1, 0xe0, 0x20, 3, 0xe1, 0x30, 1, 0xf0, 0x6e, 2, 11, 1, 0xf7],
  ]);
}

/**
 * The protocol is read by the firmata package, in a process of its own: what it throws ends that process, and the office
 * starts the next (firmware/io-board/io-board-process.ts). So a throw of the package is a refusal; one of ours is none.
 */
function ioBoard(): FuzzTarget {
  return {
    name: 'io-board',
    seeds: [greeting()],
    run: (bytes) => {
      const port = Object.assign(new EventEmitter(), { write: () => true, isOpen: true });
      const io = new Firmata(port, { reportVersionTimeout: 1000, samplingInterval: 10_000 });
      io.on('error', () => undefined);
      try {
        port.emit('data', bytes);
      } catch (error) {
        if (error instanceof Error && error.stack?.includes('firmata') === true) return false;
        throw error;
      } finally {
        clearTimeout((io as unknown as { reportVersionTimeoutId: NodeJS.Timeout }).reportVersionTimeoutId);
      }
      return io.isReady && objectToPins(io, PINS) === null;
    },
  };
}

function lines(): FuzzTarget {
  return {
    name: 'simulated-lines',
    seeds: [
      text('{"line":"strobe","value":1,"monotonicNs":"999999999999"}'),
      text('{"line":"tamper","value":0}'),
      text('{"line":"ready","value":1,"monotonicNs":"12"}'),
    ],
    run: (bytes) => {
      const edge = parseInputLine(utf8(bytes), AT);
      if (typeof edge === 'string') return false;
      if (!(edge.atNs <= AT && edge.atNs >= AT - 1e9)) throw new RangeError(`an edge at ${String(edge.atNs)}`);
      return true;
    },
  };
}

export const instrumentTargets = (): FuzzTarget[] => [...radars(), gpsd(), ioBoard(), lines()];
