/**
 * Checks are asked ten times a second and their facts change seldom. What a check works out is kept by the identity of
 * the objects that it hangs on: another placement, another pack, another site is another object.
 */
import type { UtcMs } from '../../units.js';

/** Keeps for each key the value for the last rest of arguments. */
export function lastFor<Key extends object, Rest extends readonly unknown[], Value>(
  compute: (key: Key, ...rest: Rest) => Value,
): (key: Key, ...rest: Rest) => Value {
  const known = new WeakMap<Key, { readonly rest: Rest; readonly value: Value }>();
  return (key, ...rest) => {
    const found = known.get(key);
    if (found?.rest.every((each, index) => each === rest[index]) === true) return found.value;
    const value = compute(key, ...rest);
    known.set(key, { rest, value });
    return value;
  };
}

/** Keeps an answer about an instant from that instant on for as long as the answer itself says. */
export function whileItHolds<Key extends object, Other, Value extends { readonly untilUtcMs: UtcMs | null }>(
  compute: (key: Key, other: Other, utc: UtcMs) => Value,
): (key: Key, other: Other, utc: UtcMs) => Value {
  const known = new WeakMap<Key, { readonly other: Other; readonly fromUtcMs: UtcMs; readonly value: Value }>();
  return (key, other, utc) => {
    const found = known.get(key);
    // A clock that was set back asks again.
    if (found !== undefined && found.other === other && utc >= found.fromUtcMs) {
      const { untilUtcMs } = found.value;
      if (untilUtcMs === null || utc < untilUtcMs) return found.value;
    }
    const value = compute(key, other, utc);
    known.set(key, { other, fromUtcMs: utc, value });
    return value;
  };
}
