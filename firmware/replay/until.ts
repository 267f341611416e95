/** `--until`: seconds from the beginning of the recording, hours and minutes, or an instant in UTC. */
import { KerbsideError } from '../../src/errors.js';
import type { RecordingHead } from '../../src/recording/types.js';

export type Until = { readonly afterS: number } | { readonly utcMs: number };

/** @throws KerbsideError 'usage' */
export function parseUntil(text: string): Until {
  if (/^\d+(\.\d+)?$/.test(text)) return { afterS: Number(text) };
  const clock = /^\+?(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/.exec(text);
  if (clock !== null) return { afterS: Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) };
  const utcMs = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(utcMs)) return { utcMs };
  throw new KerbsideError(
    'usage',
    `kerbside replay: --until is ${text}, expected seconds (93.5), hours:minutes:seconds (1:02:03) or an instant with its zone (2026-02-24T10:00:00+13:00).`,
  );
}

/** On the monotonic clock of this recording. @param first its first head */
export function untilNsOf(until: Until, first: RecordingHead): number {
  return 'afterS' in until ? first.atNs + until.afterS * 1e9 : first.atNs + (until.utcMs - first.utcMs) * 1e6;
}
