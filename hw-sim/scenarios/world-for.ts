/**
 * A world by its name: a scenario that comes with the program, one that is generated from a seed for as many hours as are
 * asked for, or a file. Whatever it is, it can be written down and is the same world when it is read again.
 */
import { stringify } from 'yaml';
import { LYING_WORLD, randomWorld, SLY_WORLD, slyWorld } from '../faults/random-world.js';
import { RESTLESS_WORLD, restlessWorld } from '../faults/restless-world.js';
import { SimulationProblem } from '../problem.js';
import { BUSY_ROAD, busyRoad } from './busy-road.js';
import { buildScenario, knownScenarios, loadScenario, type Scenario } from './load.js';
import type { ScenarioFile } from './schema.js';

const GENERATED: ReadonlyMap<string, (seed: number, hours: number) => ScenarioFile> = new Map([
  [BUSY_ROAD, busyRoad],
  [LYING_WORLD, randomWorld],
  [SLY_WORLD, slyWorld],
  [RESTLESS_WORLD, restlessWorld],
]);

/** A scenario file takes no more vehicles than a busy road brings in that time. */
const MOST_HOURS = 800;
const FEWEST_HOURS = 0.01;

/** Names that `worldFor` knows. */
export const knownWorlds = (): string[] => [...knownScenarios(), ...GENERATED.keys()].sort();

export const isGenerated = (name: string): boolean => GENERATED.has(name);

/**
 * @param nameOrFile a known name, or the path of a YAML or JSON file
 * @param hours of traffic where the world is generated; others last as long as they say
 * @throws SimulationProblem with one sentence
 */
export function worldFor(nameOrFile: string, seed: number, hours: number): Scenario {
  const generate = GENERATED.get(nameOrFile);
  if (generate === undefined) {
    if (/[./]/.test(nameOrFile) || knownScenarios().includes(nameOrFile)) return loadScenario(nameOrFile);
    throw new SimulationProblem(
      `scenario ${nameOrFile} is not known, expected one of ${knownWorlds().join(', ')}, or the path of a file.`,
    );
  }
  if (!(hours >= FEWEST_HOURS && hours <= MOST_HOURS)) {
    throw new SimulationProblem(
      `scenario ${nameOrFile}: ${String(hours)} hours are asked for, expected ${String(FEWEST_HOURS)} to ${String(MOST_HOURS)}.`,
    );
  }
  return buildScenario(generate(seed, hours), `scenario ${nameOrFile}`);
}

/** The text of a scenario file, for people to read and to run again. Each vehicle and fault stands on a line of its own. */
export function scenarioText(file: ScenarioFile): string {
  const { vehicles, faults, ...rest } = file;
  const list = (name: string, entries: readonly object[]): string =>
    entries.length === 0
      ? `${name}: []\n`
      : `${name}:\n${entries.map((entry) => `  - ${JSON.stringify(entry)}\n`).join('')}`;
  return `${stringify(rest, { lineWidth: 120 })}${list('vehicles', vehicles)}${list('faults', faults)}`;
}
