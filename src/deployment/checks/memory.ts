/**
 * Checks are asked ten times a second and their facts change seldom. What a check works out is kept by the identity of
 * the objects that it hangs on: another placement, another pack, another site is another object.
 */
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
