/**
 * Entries of a recording to and from bytes (proto/recording.proto). Encoding is deterministic: the same entry after the
 * same ones gives the same bytes, which is what a replay compares. Both directions remember the last checks, since only
 * what differs is written down; `restart` makes the next ones whole, so that a block of the file stands for itself.
 */
import { kerbside } from '../../proto/generated/recording.js';
import type { ControllerConfig } from '../controller-config.js';
import type { Finding } from '../deployment/readiness.js';
import { KerbsideError } from '../errors.js';
import type { Output } from '../timeline.js';
import { monotonicNs, utcMs } from '../units.js';
import { canonicalJson, parseCanonicalJson } from './canonical-json.js';
import { checksOf, createChecksEncoder } from './checks-codec.js';
import { damaged, needed } from './damage.js';
import { fromInputMessage, toInputMessage } from './input-codec.js';
import type { Entry, RecordingHead } from './types.js';

const { Entry: EntryMessage } = kerbside.recording.v1;
type EntryProperties = kerbside.recording.v1.Entry.$Properties;

/** Layout that is written. */
export const RECORDING_LAYOUT = 1;

export interface EntryEncoder {
  /** @throws TypeError for what is no plain data */
  encode(entry: Entry): Uint8Array;
  restart(): void;
}

export interface EntryDecoder {
  /** @throws KerbsideError 'recording-damaged' where these bytes are no entry that this version writes */
  decode(bytes: Uint8Array): Entry;
  restart(): void;
}

export function createEntryEncoder(): EntryEncoder {
  const checks = createChecksEncoder();
  return {
    restart: () => {
      checks.restart();
    },
    encode(entry) {
      if (entry.type !== 'output' || entry.output.type !== 'checks') return finish(toMessage(entry));
      const { atNs, findings } = entry.output;
      return finish({ output: { checks: { atNs, count: findings.length, changed: checks.changed(findings) } } });
    },
  };
}

export function createEntryDecoder(): EntryDecoder {
  let last: readonly Finding[] = [];
  return {
    restart: () => {
      last = [];
    },
    decode(bytes) {
      const message = strictly(bytes);
      try {
        if (message.output?.checks == null) return fromMessage(message);
        const output = checksOf(message.output.checks, last);
        last = output.findings;
        return { type: 'output', output };
      } catch (error) {
        if (error instanceof KerbsideError) throw error;
        throw damaged('has an entry whose text is no canonical JSON');
      }
    },
  };
}

/** A view of memory that the writer does not use again. */
const finish = (message: EntryProperties): Uint8Array => EntryMessage.encode(message).finish();

/** There is one way to write an entry: what would be written otherwise is none. */
function strictly(bytes: Uint8Array): EntryProperties {
  let message: EntryProperties;
  try {
    message = EntryMessage.decode(bytes);
  } catch {
    throw damaged('has an entry that cannot be read');
  }
  const again = EntryMessage.encode(message).finish();
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) {
    throw damaged('has an entry with more in it than this version writes');
  }
  return message;
}

function toMessage(entry: Entry): EntryProperties {
  switch (entry.type) {
    case 'head':
      return { head: headMessage(entry.head) };
    case 'input':
      return { input: toInputMessage(entry.input) };
    case 'output':
      return { output: { json: canonicalJson(entry.output) } };
    case 'lost':
      return { lost: { atNs: entry.atNs, inputs: entry.inputs } };
  }
}

function fromMessage({ head, input, output, lost }: EntryProperties): Entry {
  if (input != null) return { type: 'input', input: fromInputMessage(input) };
  if (output != null) return { type: 'output', output: outputOf(needed(output.json, 'output in an entry')) };
  if (head != null) return { type: 'head', head: headOf(head) };
  if (lost == null) throw damaged('has an entry of a kind that this version does not know');
  const atNs = monotonicNs(needed(lost.atNs, 'time of a loss'));
  return { type: 'lost', atNs, inputs: needed(lost.inputs, 'count of lost inputs') };
}

function outputOf(json: string): Output {
  const value = parseCanonicalJson(json);
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') {
    throw damaged('has an output without a type');
  }
  return value as Output;
}

function headMessage(head: RecordingHead): kerbside.recording.v1.Head.$Properties {
  const { software, config, ...rest } = head;
  return {
    ...rest,
    softwareVersion: software.version,
    softwareCommit: software.commit,
    softwareSha256: software.sha256,
    configJson: canonicalJson(config),
  };
}

function headOf(head: kerbside.recording.v1.Head.$Properties): RecordingHead {
  const layout = needed(head.layout, 'layout');
  if (layout !== RECORDING_LAYOUT) throw damaged(`has layout ${String(layout)}, expected ${String(RECORDING_LAYOUT)}`);
  return {
    layout,
    life: needed(head.life, 'number of a life'),
    entriesBefore: needed(head.entriesBefore, 'count of entries before a head'),
    atNs: monotonicNs(needed(head.atNs, 'time of a head')),
    utcMs: utcMs(needed(head.utcMs, 'UTC of a head')),
    deployment: needed(head.deployment, 'deployment'),
    software: {
      version: needed(head.softwareVersion, 'version of the software'),
      commit: head.softwareCommit ?? null,
      sha256: needed(head.softwareSha256, 'hash of the software'),
    },
    config: parseCanonicalJson(needed(head.configJson, 'configuration')) as ControllerConfig,
  };
}
