/**
 * Small seeded random numbers (sfc32, 128 bits of state), so that one printed integer derives the whole pretend world.
 * Each instrument takes its own stream by name: adding a draw in one never changes what another sees.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  between(low: number, high: number): number;
  /** Normal with mean 0 and the given standard deviation (Box-Muller). */
  gaussian(sigma: number): number;
  /** Exponential with mean 1: the power of a fluctuating echo (Swerling 1). */
  exponential(): number;
  pick<T>(items: readonly T[]): T;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** @param seed any integer @param stream name of the consumer */
export function createRandom(seed: number, stream: string): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = hashText(stream);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  // The first outputs still show the structure of the seed.
  for (let i = 0; i < 15; i += 1) next();
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    gaussian: (sigma) => sigma * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: () => -Math.log(1 - uniform()),
    pick: <T>(items: readonly T[]): T => items[Math.floor(uniform() * items.length)] as T,
  };
}
