/** Recordings and the journal: raw, and with the checksums that a forger would put right. */
import { decodeFrames, encodeFrame } from '../../../firmware/store/journal.js';
import { encodeBlock, FLAGS, HEADER_BYTES } from '../../../firmware/recording/block.js';
import { createSyncRecordingWriter } from '../../../firmware/recording/sync-writer.js';
import { readEntries } from '../../../firmware/replay/read-entries.js';
import { createEntryDecoder, createEntryEncoder } from '../../../src/recording/index.js';
import { crc32 } from 'node:zlib';
import { command, head, tick } from '../../recording/samples.js';
import type { FuzzTarget } from '../target.js';
import { inFile, refusing } from './parts.js';

function wholeRecording(): Buffer {
  const blocks: Uint8Array[] = [];
  const to = (bytes: Uint8Array): void => void blocks.push(bytes.slice());
  const writer = createSyncRecordingWriter({ to, encoder: createEntryEncoder(), partMb: 1 });
  writer.begin(head());
  for (let step = 0; step < 20; step += 1) writer.step(tick(1000 + step * 900), step % 3 === 0 ? [command('x')] : []);
  writer.close();
  return Buffer.concat(blocks);
}

/** Reads all of a file. @returns whether anything in it is an entry, and nothing is damaged but its open end */
function isRead(path: string): boolean {
  let [entries, damages] = [0, 0];
  for (const item of readEntries(path)) {
    if (item.type === 'entry') entries += 1;
    else if (item.sentence === '') throw new Error('damage without a word');
    else if (item.kind !== 'unclosed') damages += 1;
  }
  return entries > 0 && damages === 0;
}

/** Any bytes as the payload of a block whose header is right; the count of entries is what a reader would count. */
function asBlock(payload: Uint8Array): Buffer {
  const block = encodeBlock({ flags: FLAGS.begins, part: 1, sequence: 0 }, []);
  const whole = Buffer.concat([block.subarray(0, HEADER_BYTES), payload]);
  let count = 0;
  for (let at = 0; at < payload.length; count += 1) {
    let [length, shift] = [0, 0];
    for (let more = true; more && at < payload.length && shift < 28; at += 1, shift += 7) {
      const byte = payload[at] ?? 0;
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += length;
  }
  whole.writeUInt32LE(count, 20);
  whole.writeUInt32LE(payload.length, 24);
  whole.writeUInt32LE(crc32(payload), 28);
  whole.writeUInt32LE(crc32(whole.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4);
  return whole;
}

function recordings(): FuzzTarget[] {
  const encoder = createEntryEncoder();
  const entries = [
    encoder.encode({ type: 'input', input: tick(5) }),
    encoder.encode({ type: 'output', output: command('SU=K') }),
    encoder.encode({ type: 'head', head: head() }),
  ];
  const readBlock = inFile('recording.kbr', isRead);
  return [
    { name: 'recording-entry', seeds: entries, run: refusing((bytes) => createEntryDecoder().decode(bytes)) },
    {
      name: 'recording-block',
      seeds: [wholeRecording().subarray(HEADER_BYTES, firstBlockEnd())],
      run: (bytes) => readBlock(asBlock(bytes)),
    },
    { name: 'recording-file', seeds: [wholeRecording()], run: inFile('recording.kbr', isRead) },
  ];
}

const firstBlockEnd = (): number => HEADER_BYTES + wholeRecording().readUInt32LE(24);

function journals(): FuzzTarget[] {
  const entries = [{ icn: '000001001', triggerNs: 5e9, speedKmh: 71.5 }, { note: 'no start' }, 7];
  const payloads = entries.map((each) => Buffer.from(JSON.stringify(each)));
  const framed = (payload: Uint8Array): Buffer => {
    const frame = Buffer.concat([Buffer.alloc(8), payload]);
    frame.writeUInt32LE(payload.length, 0);
    frame.writeUInt32LE(crc32(payload), 4);
    return frame;
  };
  return [
    {
      name: 'journal-file',
      seeds: [Buffer.concat([...entries.map(encodeFrame), Buffer.alloc(64)])],
      run: (bytes) => decodeFrames(Buffer.from(bytes)).values.length > 0,
    },
    {
      name: 'journal-entry',
      seeds: payloads,
      run: (bytes) => decodeFrames(Buffer.concat([framed(bytes), Buffer.alloc(16)])).values.length === 1,
    },
  ];
}

export const recordingTargets = (): FuzzTarget[] => [...recordings(), ...journals()];
