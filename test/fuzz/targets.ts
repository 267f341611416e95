/**
 * Every reader of bytes that somebody else wrote. Each may refuse in the house's own way, with one sentence; anything else
 * that is thrown is a defect.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '../../firmware/config/yaml-document.js';
import { configSchema } from '../../firmware/config/schema.js';
import { LineReader } from '../../firmware/control/lines.js';
import { readTpv } from '../../firmware/drivers/gpsd.js';
import { kindOfContent, readContent } from '../../firmware/reference/content.js';
import { readRecording } from '../../firmware/recording/reader.js';
import { createSyncRecordingWriter } from '../../firmware/recording/sync-writer.js';
import { readCameraNotes } from '../../firmware/workshop/camera-notes.js';
import {
  CAMERA,
  knownScenarios,
  loadScenario,
  scenarioPacks,
  scenarioText,
  SimulationProblem,
} from '../../hw-sim/index.js';
import { parseScenario } from '../../hw-sim/scenarios/load.js';
import { createTinyPictures } from '../../hw-sim/virtual/tiny-pictures.js';
import { KerbsideError } from '../../src/errors.js';
import { parseChainText } from '../../src/evidence/chain.js';
import { decodeCms } from '../../src/evidence/cms.js';
import { decodeEventRecord } from '../../src/evidence/event-record.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { readSeal } from '../../src/evidence/c2pa/read-seal.js';
import { decodeRecord } from '../../src/evidence/record.js';
import { decodeDeploymentRecord, decodeParametersRecord } from '../../src/evidence/session-records.js';
import { Agd350Decoder } from '../../src/radar/agd350-decoder.js';
import { Ops243Decoder } from '../../src/radar/ops243-decoder.js';
import { Ops243Scale } from '../../src/radar/ops243-scale.js';
import { createEntryDecoder, createEntryEncoder } from '../../src/recording/index.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import { monotonicNs } from '../../src/units.js';
import { stringify } from 'yaml';
import { agdFrameText } from '../oracle/agd-frames.js';
import { command, head, tick } from '../recording/samples.js';

export interface FuzzTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** @throws for defects alone */
  readonly run: (bytes: Uint8Array) => void;
}

const LINK = { baudRate: 921_600, parity: 'odd', corrected: false } as const;
const AT = monotonicNs(1e12);
const text = (value: string): Uint8Array => Buffer.from(value);

/** Refusals of the house are answers. */
function refusing(work: (bytes: Uint8Array) => unknown): FuzzTarget['run'] {
  return (bytes) => {
    try {
      work(bytes);
    } catch (error) {
      if (!(error instanceof KerbsideError) && !(error instanceof SimulationProblem)) throw error;
    }
  };
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function radarTargets(): FuzzTarget[] {
  const agd = [
    '04,01234.50,07,R,098.7,K,021.4,-01.2,022.5,P,061.0',
    'HB,01234.50',
    '04,00001.00,01,A,061.2,M,+20.0,-08.1,180.0,C,050.1',
  ];
  const ops = [
    '{"speed":"-27.35","magnitude":"1234.5","time":"12.345"}\r\n',
    '{"Units":"km-per-hr"}\r\n',
    '"m-per-sec",12.30\r\n',
  ];
  return [
    {
      name: 'agd350',
      seeds: [...agd.map((body) => Buffer.from(agdFrameText(body), 'latin1')), text('#SU=K\r'), text('#TS:COMPLETE\r')],
      run: (bytes) => new Agd350Decoder(LINK).push(bytes, AT, () => undefined),
    },
    {
      name: 'ops243',
      seeds: ops.map(text),
      run: (bytes) =>
        new Ops243Decoder({ ...LINK, baudRate: 19_200, parity: 'none' }, new Ops243Scale()).push(
          bytes,
          AT,
          () => undefined,
        ),
    },
  ];
}

function gpsTarget(): FuzzTarget {
  const report = {
    class: 'TPV',
    mode: 3,
    time: '2026-02-24T00:00:00.000Z',
    lat: -40.1,
    lon: 175.2,
    eph: 2.4,
    speed: 0.1,
    altMSL: 40,
  };
  return {
    name: 'gpsd',
    seeds: [
      text(`${JSON.stringify(report)}\n`),
      text('{"class":"TPV","mode":1}\n'),
      text('{"class":"SKY","satellites":[]}\n'),
    ],
    run: (bytes) => {
      for (const line of new LineReader(65_536).push(`${utf8(bytes)}\n`)) {
        if (line === null) continue;
        let value: unknown;
        try {
          value = JSON.parse(line);
        } catch {
          continue;
        }
        if (typeof value !== 'object' || value === null) continue;
        const fix = readTpv({ ...value });
        const { latitude, longitude, speedMs, horizontalErrorM, altitudeM } = fix;
        const bounded = [latitude, longitude, speedMs, horizontalErrorM, altitudeM].every(
          (each) => each === null || Math.abs(each) <= 1e6,
        );
        if (!bounded) throw new RangeError(`a fix without bounds: ${JSON.stringify(fix)}`);
      }
    },
  };
}

function imageTargets(): FuzzTarget[] {
  const pictures = createTinyPictures();
  const seeds = [0, 3].map((vehicles) => pictures({ counter: 7, cameraUtcMs: 1.77e12, flash: false, vehicles }));
  return [
    { name: 'jpeg', seeds, run: refusing(inspectJpeg) },
    { name: 'camera-notes', seeds, run: (bytes) => void readCameraNotes('IMG_0007.JPG', bytes) },
    { name: 'original', seeds, run: refusing(recoverOriginal) },
    { name: 'seal', seeds, run: refusing(readSeal) },
  ];
}

function recordTargets(): FuzzTarget[] {
  const seeds = [text('\u0008\u0002'), Buffer.from('10020a0b080110011a057a7a7a7a7a', 'hex')];
  const readers = {
    exposure: decodeRecord,
    event: decodeEventRecord,
    deployment: decodeDeploymentRecord,
    parameters: decodeParametersRecord,
  };
  const line = `${'ab'.repeat(32)}  000001/000001001.record\n`;
  return [
    ...Object.entries(readers).map(([name, read]) => ({ name: `record-${name}`, seeds, run: refusing(read) })),
    {
      name: 'chain-file',
      seeds: [text(line), text(line + line)],
      run: refusing((bytes) => parseChainText(utf8(bytes))),
    },
    { name: 'cms', seeds: [Buffer.from('308006092a864886f70d010702a0803080020101', 'hex')], run: refusing(decodeCms) },
  ];
}

function recordingTargets(): FuzzTarget[] {
  const encoder = createEntryEncoder();
  const entries = [
    encoder.encode({ type: 'input', input: tick(5) }),
    encoder.encode({ type: 'output', output: command('SU=K') }),
    encoder.encode({ type: 'head', head: head() }),
  ];
  const blocks: Uint8Array[] = [];
  const writer = createSyncRecordingWriter({
    to: (bytes) => void blocks.push(bytes.slice()),
    encoder: createEntryEncoder(),
    partMb: 1,
  });
  writer.begin(head());
  for (let step = 0; step < 20; step += 1) writer.step(tick(1000 + step * 900), step % 3 === 0 ? [command('x')] : []);
  writer.close();
  const path = join(mkdtempSync(join(tmpdir(), 'kerbside-fuzz-')), 'recording.kbr');
  return [
    { name: 'recording-entry', seeds: entries, run: refusing((bytes) => createEntryDecoder().decode(bytes)) },
    {
      name: 'recording-file',
      seeds: [Buffer.concat(blocks)],
      run: refusing((bytes) => {
        writeFileSync(path, bytes);
        for (const item of readRecording(path))
          if (item.type === 'damage' && item.sentence === '') throw new Error('damage without a word');
      }),
    },
  ];
}

function textTargets(): FuzzTarget[] {
  const scenarios = knownScenarios().map((name) => loadScenario(name).file);
  const packs = scenarios.flatMap((file) => scenarioPacks(file, CAMERA.model, new Date(1.77e12)));
  const yaml = (bytes: Uint8Array): unknown => parseYaml('fuzz.yaml', utf8(bytes)).value;
  return [
    {
      name: 'configuration',
      seeds: [
        text(
          'camera: { id: SC-014 }\nradar: { protocol: agd350, port: /dev/radar }\nlines: { driver: onoff, shutter: 17 }\n',
        ),
      ],
      run: refusing((bytes) => configSchema.safeParse(yaml(bytes))),
    },
    {
      name: 'site-file',
      seeds: [
        text(
          'code: "7421"\nroad: X\ncentreline: [{ latitude: -40, longitude: 175 }, { latitude: -40.01, longitude: 175 }]\n',
        ),
      ],
      run: refusing((bytes) => {
        const parsed = siteSchema.safeParse(yaml(bytes));
        if (parsed.success) toSite(parsed.data);
      }),
    },
    {
      name: 'pack',
      seeds: packs.map((pack) => text(stringify(pack))),
      run: refusing((bytes) => readContent(kindOfContent(bytes, 'fuzz.pack'))),
    },
    {
      name: 'scenario',
      seeds: scenarios.map((file) => text(scenarioText({ ...file, vehicles: file.vehicles.slice(0, 3) }))),
      run: refusing((bytes) => parseScenario(utf8(bytes), 'fuzz.yaml')),
    },
    {
      name: 'control-lines',
      seeds: [text('{"type":"status","id":1}\n'), text('{"type":"open"}\n{"a')],
      run: (bytes) => {
        const reader = new LineReader(1000);
        for (const piece of utf8(bytes).match(/[^]{1,7}/g) ?? []) reader.push(piece);
      },
    },
  ];
}

export const createTargets = (): readonly FuzzTarget[] => [
  ...radarTargets(),
  gpsTarget(),
  ...imageTargets(),
  ...recordTargets(),
  ...recordingTargets(),
  ...textTargets(),
];
