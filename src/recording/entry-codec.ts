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
import { damaged, needed } from './damage.js';
import { fromInputMessage, toInputMessage } from './input-codec.js';
import type { Entry, RecordingHead } from './types.js';

const { Entry: EntryMessage } = kerbside.recording.v1;
type EntryProperties = kerbside.recording.v1.Entry.$Properties;

/** Layout that is written. */
export const RECORDING_LAYOUT = 1;
/** No list of checks is longer; a number beyond it is damage. */
const MOST_FINDINGS = 1000;

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
  let last: readonly string[] = [];
  return {
    restart: () => {
      last = [];
    },
    encode(entry) {
      if (entry.type === 'output' && entry.output.type === 'checks') {
        const { atNs, findings } = entry.output;
        const texts = findings.map(canonicalJson);
        const changed = texts.flatMap((json, place) => (json === last[place] ? [] : [{ place, json }]));
        last = texts;
        return finish({ output: { checks: { atNs, count: texts.length, changed } } });
      }
      return finish(toMessage(entry));
    },
  };
}

export function createEntryDecoder(): EntryDecoder {
  let last: readonly string[] = [];
  return {
    restart: () => {
      last = [];
    },
    decode(bytes) {
      const message = strictly(bytes);
      try {
        if (message.output?.checks == null) return fromMessage(message);
        const { atNs, texts } = checksOf(message.output.checks, last);
        const findings = texts.map((text) => parseCanonicalJson(text) as Finding);
        last = texts;
        return { type: 'output', output: { type: 'checks', atNs, findings } };
      } catch (error) {
        if (error instanceof KerbsideError) throw error;
        throw damaged('has an entry whose text is no canonical JSON');
      }
    },
  };
}

/** Copied: the writer hands out a view of its pool. */
const finish = (message: EntryProperties): Uint8Array => new Uint8Array(EntryMessage.encode(message).finish());

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

function checksOf(
  { atNs, count, changed }: kerbside.recording.v1.Checks.$Properties,
  last: readonly string[],
): { readonly atNs: ReturnType<typeof monotonicNs>; readonly texts: readonly string[] } {
  const length = needed(count, 'count of checks');
  if (length > MOST_FINDINGS) throw damaged(`has ${String(length)} checks, expected at most ${String(MOST_FINDINGS)}`);
  const texts: (string | undefined)[] = last.slice(0, length);
  texts.length = length;
  for (const { place, json } of changed ?? []) {
    const index = needed(place, 'place of a check');
    if (index >= length) throw damaged(`has a check at place ${String(index)} of ${String(length)}`);
    texts[index] = needed(json, 'text of a check');
  }
  const whole = Array.from(texts, (text) => needed(text, 'earlier checks that later ones differ from'));
  return { atNs: monotonicNs(needed(atNs, 'time of checks')), texts: whole };
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
