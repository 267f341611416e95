/** What is no entry of a recording is refused in one sentence. */
import { KerbsideError } from '../errors.js';

export const damaged = (what: string): KerbsideError =>
  new KerbsideError('recording-damaged', `The recording ${what}.`);

/** @throws KerbsideError 'recording-damaged' where the field is absent */
export function needed<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw damaged(`has no ${what}`);
  return value;
}

/** @throws KerbsideError 'recording-damaged' where the value is none of the words */
export function known<T extends string>(words: readonly T[], value: string | null | undefined, what: string): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw damaged(`has the ${what} "${value ?? ''}", expected one of ${words.join(', ')}`);
  return found;
}
