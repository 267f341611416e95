/**
 * `kerbside simulate`: a pretend road and van, and the REAL controller beside it as a child process, in real time. The
 * controller is told nothing that a real van would not tell it; what it made of the traffic is read from its own outputs
 * and compared with the truth. Everything it makes is marked DEMO.
 *
 * `hw-sim/` is loaded here and nowhere else, by dynamic import, so that no real van ever loads it.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createColors } from 'picocolors';
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import type { CliContext, CommandAction } from '../context.js';
import { referenceFolder } from '../../config/load.js';
import { Workspace } from '../simulation/workspace.js';
import { overallDigest } from '../../recording/digest.js';
import { recordingPaths } from '../../recording/files.js';
import { importPacks, writeConfiguration } from './simulate-config.js';
import { summaryDocument, summaryText } from './simulate-report.js';
import { Simulation } from './simulate-session.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Scenario = ReturnType<PretendWorld['loadScenario']>;

export interface SimulateOptions {
  /** Name or file. */
  readonly scenario: string;
  /** null: the one of the scenario. */
  readonly seed: number | null;
  readonly virtual: boolean;
  readonly hours: number | null;
  /** Folder to make for everything; null: a new one under ./kerbside-demo. */
  readonly dataDir?: string | null;
  /** Port of the status page; null: 8080, or any other where that is taken. */
  readonly consolePort?: number | null;
  /** File for the shortest scenario that still goes wrong; null: none is looked for. */
  readonly minimise?: string | null;
}

const USUAL_CONSOLE_PORT = 8080;

/**
 * @throws KerbsideError 'usage', 'scenario-invalid'
 * @returns 0 only when the controller did nothing wrong; 10 a wrong answer, 11 stalled, 70 it died, 130 interrupted
 */
export const simulate: CommandAction<SimulateOptions> = async (context, options) => {
  if (options.virtual) return (await import('./simulate-virtual.js')).simulateVirtual(context, options);
  refuseVirtualOptions(options);
  const world = await import('../../../hw-sim/index.js');
  const scenario = load(world, options.scenario);
  const seed = options.seed ?? scenario.file.seed;
  const consolePort = await freePort(options.consolePort ?? null);
  const workspace = new Workspace(options.dataDir ?? null, new Date());
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    announce(context, { seed, scenario, consolePort, dataDir: workspace.dataDir });
    return await drive(context, world, { scenario, seed, consolePort, workspace, stop: stop.signal });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
    workspace.removeDevices();
  }
};

/** What belongs to virtual time alone. */
function refuseVirtualOptions({ hours, minimise }: SimulateOptions): void {
  const option = hours != null ? '--hours' : minimise != null ? '--minimise' : null;
  if (option === null) return;
  throw new KerbsideError('usage', `kerbside simulate: ${option} belongs to virtual time, expected --virtual with it.`);
}

function load(world: PretendWorld, name: string): Scenario {
  if (world.isGenerated(name)) {
    throw new KerbsideError(
      'usage',
      `kerbside simulate: ${name} is generated for virtual time, expected --virtual with it.`,
    );
  }
  try {
    return world.loadScenario(name);
  } catch (error) {
    if (!(error instanceof world.SimulationProblem)) throw error;
    throw new KerbsideError('scenario-invalid', error.message, { cause: error });
  }
}

interface Announcement {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly consolePort: number;
  readonly dataDir: string;
}

function announce(context: CliContext, { seed, scenario, consolePort, dataDir }: Announcement): void {
  const colors = createColors(context.color);
  const { name, title, durationS } = scenario.file;
  context.progress(`${colors.bold('seed')}      ${String(seed)}`);
  context.progress(`${colors.bold('scenario')}  ${name}: ${title} (${String(durationS)} s of traffic)`);
  context.progress(`${colors.bold('console')}   http://127.0.0.1:${String(consolePort)}/`);
  context.progress(`${colors.bold('data')}      ${dataDir}`);
  context.progress(colors.yellow('DEMO: everything beyond the controller is pretended; nothing of this is evidence.'));
}

interface Drive {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly consolePort: number;
  readonly workspace: Workspace;
  readonly stop: AbortSignal;
}

async function drive(context: CliContext, world: PretendWorld, plan: Drive): Promise<ExitCode> {
  const { scenario, seed, consolePort, workspace, stop } = plan;
  const startedMs = performance.now();
  const simulation = new Simulation({ context, world, scenario, workspace, consolePort, stop });
  let ending;
  try {
    context.progress('Setting up the pretend van …');
    const van = await world.Van.start({
      scenario,
      seed,
      radarPath: workspace.radarPath,
      ioBoardPath: workspace.ioBoardPath,
      linesSocket: workspace.linesSocket,
      cameraFolder: workspace.cameraFolder,
      onFault: (fault, begins) => {
        simulation.tellFault(fault, begins);
      },
    });
    try {
      writeConfiguration(world, scenario, workspace, { gpsPort: van.gpsPort, consolePort });
      if (scenario.file.deployment === 'operator') {
        const kinds = await importPacks(
          world,
          scenario,
          workspace,
          referenceFolder({ reference: {}, dataDir: workspace.dataDir }),
        );
        context.progress(`Imported the packs of the DEMO issuers: ${kinds.join(', ')}.`);
      }
      ending = await simulation.run(van);
    } finally {
      await van.stop();
    }
  } catch (error) {
    if (!(error instanceof world.SimulationProblem)) throw error;
    throw new KerbsideError('not-available', error.message, { cause: error });
  }
  if (ending.exitCode !== null) return ending.exitCode;
  const facts = {
    seed,
    scenario: scenario.file.name,
    simulatedSeconds: scenario.file.durationS,
    wallSeconds: (performance.now() - startedMs) / 1000,
    dataDir: workspace.dataDir,
    recordingSha256: await overallDigest(recordingPaths(workspace.dataDir)),
  };
  const { judgement, passes, evidence } = ending;
  if (context.json) context.printJson(summaryDocument(facts, judgement, passes, evidence));
  else context.print(summaryText(context, facts, judgement, passes, evidence));
  for (const violation of judgement.violations) context.warn(`wrong: ${violation}.`);
  return judgement.violations.length === 0 ? EXIT.good : EXIT.simulationWrong;
}

/** The wanted port as it is, where it is one; else the usual one, or any where another program has that. */
async function freePort(wanted: number | null): Promise<number> {
  if (wanted !== null && wanted !== 0) return wanted;
  const usual = wanted === 0 ? null : await probe(USUAL_CONSOLE_PORT);
  return usual ?? (await probe(0)) ?? USUAL_CONSOLE_PORT;
}

function probe(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => {
        resolve(found);
      });
    });
  });
}
