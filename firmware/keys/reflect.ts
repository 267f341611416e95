/**
 * `@peculiar/x509` finds its parts through tsyringe, which refuses to load without the metadata functions that some other
 * package usually adds to `Reflect`. It stores and asks for them by class and key only, so a map of maps is enough.
 */
type Key = string | symbol;

const kept = new WeakMap<object, Map<Key, unknown>>();

const metadata = {
  defineMetadata(key: Key, value: unknown, target: object): void {
    const known = kept.get(target) ?? new Map<Key, unknown>();
    known.set(key, value);
    kept.set(target, known);
  },
  getOwnMetadata: (key: Key, target: object): unknown => kept.get(target)?.get(key),
  getMetadata(key: Key, target: object): unknown {
    for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
      if (kept.get(at)?.has(key) === true) return kept.get(at)?.get(key);
    }
    return undefined;
  },
};

/** Does nothing where a real one is loaded. */
export function provideReflectMetadata(): void {
  if (!('getMetadata' in Reflect)) Object.assign(Reflect, metadata);
}
