/**
 * How often a property is tried. `make fuzz` sets FUZZ_RUNS, the number of runs where a test names none (usually 100);
 * tests that name a number are scaled by the same factor, so that slow ones stay slower than quick ones.
 */
import fc from 'fast-check';

const USUAL_RUNS = 100;
const wanted = Number(process.env['FUZZ_RUNS'] ?? USUAL_RUNS);
if (!Number.isInteger(wanted) || wanted < 1) {
  throw new Error(`FUZZ_RUNS is ${process.env['FUZZ_RUNS'] ?? ''}, expected a whole number from 1`);
}
fc.configureGlobal({ numRuns: wanted });

/** @param usual runs in `make test` */
export const runs = (usual: number): number => Math.ceil((usual * wanted) / USUAL_RUNS);
