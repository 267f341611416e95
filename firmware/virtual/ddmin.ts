/**
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002): the fewest items with
 * which a test still fails, in the sense that no single part of the last division can be left out.
 */

/**
 * @param fails true where the failure shows with these items alone; asked for at most `mostTries` times
 * @returns the items themselves where even all of them do not fail
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  mostTries = Number.POSITIVE_INFINITY,
): Promise<readonly T[]> {
  let left = items;
  let parts = 2;
  let tries = 0;
  const isTried = async (some: readonly T[]): Promise<boolean> => {
    tries += 1;
    return tries <= mostTries && (await fails(some));
  };
  if (items.length > 0 && (await isTried([]))) return [];
  while (left.length >= 2 && tries < mostTries) {
    const sizeOfPart = Math.ceil(left.length / parts);
    let shrunk = false;
    for (let from = 0; from < left.length && !shrunk; from += sizeOfPart) {
      const without = [...left.slice(0, from), ...left.slice(from + sizeOfPart)];
      if (without.length === left.length || !(await isTried(without))) continue;
      left = without;
      parts = Math.max(parts - 1, 2);
      shrunk = true;
    }
    if (shrunk) continue;
    if (parts >= left.length) break;
    parts = Math.min(parts * 2, left.length);
  }
  return left;
}
