/**
 * A found failure as a short scenario: first the time after it is cut off, then faults, then vehicles, as long as one of
 * the same invariants is still broken (or it still stalls or throws).
 */
import { ddmin } from '../../virtual/ddmin.js';
import { nameOf } from './simulate-virtual.js';
import { runWorld, type PretendWorld, type Scenario } from './simulate-world.js';

type ScenarioFile = Scenario['file'];

/** Each try is a whole run. */
const MOST_TRIES = 150;
/** Then the shortest so far is good enough. */
const LONGEST_MS = 15 * 60_000;
/** What was still under way when it went wrong. */
const AFTER_S = 40;
const SHORTEST_S = 30;

/** @param what invariants that were broken, `stalled` or `crashed` @param say tells how far it is */
export async function minimise(
  world: PretendWorld,
  scenario: Scenario,
  seed: number,
  what: readonly string[],
  stop: AbortSignal,
  say: (sentence: string) => void,
): Promise<ScenarioFile> {
  const wanted = new Set(what);
  const untilMs = performance.now() + LONGEST_MS;
  const wrongAt = async (file: ScenarioFile): Promise<readonly (number | null)[] | null> => {
    if (stop.aborted || performance.now() > untilMs) return null;
    try {
      const built = world.buildScenario(file, 'shrunk scenario');
      const { verdict } = await runWorld(world, { scenario: built, seed, dataDir: null, stop });
      const found = verdict.violations.filter(({ invariant }) => wanted.has(invariant));
      return found.length === 0 ? null : found.map(({ atS }) => atS);
    } catch (error) {
      return wanted.has(nameOf(error)) ? [null] : null;
    }
  };
  let file: ScenarioFile = withoutExpectations(scenario.file);
  const times = (await wrongAt(file)) ?? [];
  const firstS = Math.min(...times.map((atS) => atS ?? Number.POSITIVE_INFINITY));
  if (Number.isFinite(firstS)) {
    const shorter = until(file, Math.max(SHORTEST_S, Math.ceil(firstS + AFTER_S)));
    if ((await wrongAt(shorter)) !== null) file = shorter;
  }
  say(`${String(file.durationS)} s, ${String(file.vehicles.length)} vehicles, ${String(file.faults.length)} faults …`);
  const faults = await ddmin(
    file.faults,
    async (some) => (await wrongAt({ ...file, faults: [...some] })) !== null,
    MOST_TRIES,
  );
  file = { ...file, faults: [...faults] };
  say(`${String(faults.length)} faults are needed …`);
  const vehicles = await ddmin(
    file.vehicles,
    async (some) => (await wrongAt({ ...file, vehicles: [...some] })) !== null,
    MOST_TRIES,
  );
  return { ...file, seed, vehicles: [...vehicles] };
}

const withoutExpectations = (file: ScenarioFile): ScenarioFile => ({
  ...file,
  vehicles: file.vehicles.map(({ expect: _expect, ...vehicle }) => vehicle),
});

function until(file: ScenarioFile, durationS: number): ScenarioFile {
  if (durationS >= file.durationS) return file;
  return {
    ...file,
    durationS,
    vehicles: file.vehicles.filter(({ atS }) => atS <= durationS),
    faults: file.faults
      .filter(({ fromS }) => fromS < durationS)
      .map((fault) => ({ ...fault, toS: Math.min(fault.toS, durationS) })),
  };
}
