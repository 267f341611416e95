/**
 * Finds, reads and checks a scenario. Every refusal is one sentence: which file, where in it, what was found, what was
 * expected.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, YAMLParseError } from 'yaml';
import { degrees, kmh, metres } from '../../src/units.js';
import { objectionTo } from '../faults/catalogue.js';
import type { Light } from '../picture/light.js';
import { PAINTS } from '../picture/light.js';
import { SimulationProblem } from '../problem.js';
import { Road } from '../road/road.js';
import type { RoadGeometry, Vehicle } from '../road/vehicle.js';
import { DIMENSIONS } from '../road/vehicle.js';
import type { Expectation } from './expectation.js';
import { expectationOf } from './expectation.js';
import type { ScenarioFile } from './schema.js';
import { scenarioSchema } from './schema.js';

export interface Scenario {
  readonly file: ScenarioFile;
  readonly road: Road;
  /** By plate; worked out when they are first asked for. */
  readonly expectations: ReadonlyMap<string, Expectation>;
  lightAt(timeS: number): Light;
}

/** The folder of the scenarios that come with the program, also when compiled code runs from `dist/`. */
function ownFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'hw-sim', 'scenarios', 'drive-past.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new SimulationProblem('the folder hw-sim/scenarios is missing from this installation.');
    folder = parent;
  }
  return join(folder, 'hw-sim', 'scenarios');
}

export function knownScenarios(): string[] {
  return readdirSync(ownFolder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/**
 * @param nameOrFile a known name, or the path of a YAML or JSON file
 * @throws SimulationProblem with one sentence
 */
export function loadScenario(nameOrFile: string): Scenario {
  const isFile = /[./]/.test(nameOrFile);
  if (!isFile && !knownScenarios().includes(nameOrFile)) {
    throw new SimulationProblem(
      `scenario ${nameOrFile} is not known, expected one of ${knownScenarios().join(', ')}, or the path of a file.`,
    );
  }
  const path = isFile ? nameOrFile : join(ownFolder(), `${nameOrFile}.yaml`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SimulationProblem(`scenario file ${path} cannot be read (${code ?? 'unknown'}), expected a YAML file.`, {
      cause: error,
    });
  }
  return parseScenario(text, path);
}

/** @param where name of the file, for the sentences */
export function parseScenario(text: string, where: string): Scenario {
  let data: unknown;
  try {
    // A warning on stderr would stand beside the one sentence that refuses it.
    data = parse(text, { logLevel: 'error' });
  } catch (error) {
    const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) : 1;
    throw new SimulationProblem(`${where}, line ${String(line)}: is not valid YAML, expected a scenario.`, {
      cause: error,
    });
  }
  const result = scenarioSchema.safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path.map(String).join('.') ?? '';
    throw new SimulationProblem(`${where}: ${path === '' ? 'the scenario' : path}: ${issue?.message ?? 'is invalid'}.`);
  }
  return buildScenario(result.data, where);
}

/** @param where name of the file, for the sentences @throws SimulationProblem */
export function buildScenario(file: ScenarioFile, where: string): Scenario {
  const refuse = (sentence: string): never => {
    throw new SimulationProblem(`${where}: ${sentence}.`);
  };
  const lanes = new Map(file.site.lanes.map((lane) => [lane.id, lane] as const));
  if (lanes.size < file.site.lanes.length) refuse('site.lanes: an id is used twice, expected each once');
  const plates = new Set<string>();
  const vehicles = file.vehicles.map((each, index): Vehicle => {
    const at = `vehicles.${String(index)} (${each.plate})`;
    const lane = lanes.get(each.lane);
    if (!lane) return refuse(`${at}: lane ${each.lane} is not known, expected one of ${[...lanes.keys()].join(', ')}`);
    if (plates.has(each.plate)) refuse(`${at}: the plate is used twice, expected each once`);
    plates.add(each.plate);
    if (each.atS > file.durationS) {
      refuse(`${at}: atS is ${String(each.atS)} s, expected at most durationS, ${String(file.durationS)} s`);
    }
    if (PAINTS[each.colour] === undefined && !/^#[0-9a-f]{6}$/i.test(each.colour)) {
      refuse(`${at}: colour ${each.colour} is not known, expected #rrggbb or one of ${Object.keys(PAINTS).join(', ')}`);
    }
    return {
      plate: each.plate,
      kind: each.kind,
      colour: each.colour,
      lengthM: metres(each.lengthM ?? DIMENSIONS[each.kind].lengthM),
      laneId: each.lane,
      direction: lane.direction,
      speedKmh: kmh(each.speedKmh),
      change: each.change === null ? null : { ...each.change, toKmh: kmh(each.change.toKmh) },
      atS: each.atS,
      lateralShiftM: metres(each.lateralShiftM),
    };
  });
  if (file.faults.length > 0 && !file.injection) {
    refuse(
      `faults: ${String(file.faults.length)} are listed and injection is off, expected injection: true beside them`,
    );
  }
  for (const [index, fault] of file.faults.entries()) {
    const objection = objectionTo(fault);
    if (objection !== null) refuse(`faults.${String(index)}: ${objection}`);
    if (fault.toS <= fault.fromS || fault.toS > file.durationS) {
      refuse(`faults.${String(index)}: toS is ${String(fault.toS)} s, expected after fromS and before durationS`);
    }
  }
  const road = new Road(geometryOf(file), vehicles);
  let known: ReadonlyMap<string, Expectation> | null = null;
  for (const [index, each] of file.vehicles.entries()) {
    if (each.expect === undefined) continue;
    const truth = expectationOf(file, road, vehicles[index] as Vehicle);
    if (truth.outcome !== each.expect) {
      refuse(`vehicle ${each.plate}: expect is ${each.expect}, but ground truth says ${truth.outcome} (${truth.why})`);
    }
  }
  return {
    file,
    road,
    get expectations() {
      known ??= new Map(vehicles.map((each) => [each.plate, expectationOf(file, road, each)] as const));
      return known;
    },
    lightAt: (timeS) => lightAt(file, timeS),
  };
}

function lightAt(file: ScenarioFile, timeS: number): Light {
  const [first] = file.light;
  return file.light.reduce<Light>((now, phase) => (phase.fromS <= timeS ? phase.light : now), first?.light ?? 'day');
}

export function geometryOf(file: ScenarioFile): RoadGeometry {
  return {
    lanes: file.site.lanes.map((lane) => ({ ...lane, widthM: metres(lane.widthM) })),
    vanChainageM: metres(file.van.chainageM),
    vanHeading: file.van.heading,
    facing: file.van.facing,
    side: file.van.side,
    lateralM: metres(file.van.lateralM),
    antennaAheadM: metres(file.van.antennaAheadM),
    angleDeg: degrees(file.instruments.angleDeg),
    beamWidthDeg: degrees(file.instruments.beamWidthDeg),
  };
}
