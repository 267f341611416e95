/**
 * One run: controller started, traffic let loose when it enforces, everything that happens told as it happens, the
 * controller closed in order, its records judged. Whatever goes wrong, nothing is left running.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createColors } from 'picocolors';
import type { PassSummary } from '../../../src/enforcement/types.js';
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import type { CliContext } from '../context.js';
import { ControllerChild, type ControllerStatus } from '../simulation/controller-child.js';
import { openAsOperator, testAsOperator, type FlowParts } from './simulate-flow.js';
import { listEvidence, PassReader, type ListedEvidence } from '../simulation/records.js';
import type { Workspace } from '../simulation/workspace.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Scenario = ReturnType<PretendWorld['loadScenario']>;
type Van = Awaited<ReturnType<PretendWorld['Van']['start']>>;
type SeenPass = Parameters<PretendWorld['judge']>[2][number];
type Judgement = ReturnType<PretendWorld['judge']>;
type Fault = Scenario['file']['faults'][number];

export interface SimulationParts {
  readonly context: CliContext;
  readonly world: PretendWorld;
  readonly scenario: Scenario;
  readonly workspace: Workspace;
  readonly consolePort: number;
  readonly stop: AbortSignal;
}

export type Ending =
  | { readonly exitCode: ExitCode }
  | {
      readonly exitCode: null;
      readonly judgement: Judgement;
      readonly passes: readonly SeenPass[];
      readonly evidence: readonly ListedEvidence[];
    };

const LOOK_EVERY_MS = 250;
/** From start to the first enforcement: devices, settings, self-test, three fixes, sync shot. */
const READY_WITHIN_MS = 60_000;
/** No answer from the controller for this long: it stalls. */
const SILENCE_MS = 15_000;
/** The last picture, its stamp and its record. */
const LAST_IMAGE_MS = 12_000;
const CLOSE_WITHIN_MS = 30_000;

export class Simulation {
  readonly #parts: SimulationParts;
  readonly #passes: SeenPass[] = [];
  #startNs: number | null = null;
  #state = '';
  #toldNoticesMs = 0;
  #lastHeardMs = 0;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
  }

  /** @param van running, its road still empty; stopped by the caller */
  async run(van: Van): Promise<Ending> {
    const { workspace, consolePort, stop } = this.#parts;
    const reader = new PassReader(workspace.dataDir);
    const controller = new ControllerChild(workspace.configFile, consolePort, van.descriptors);
    let failure: ExitCode | null;
    try {
      failure = (await this.#asOperator(controller, openAsOperator, van)) ?? (await this.#untilEnforcing(controller));
      if (failure === null) failure = await this.#traffic(van, controller, reader);
      await reader.close();
      if (failure === null) failure = await this.#asOperator(controller, testAsOperator, van);
      if (failure === null) failure = this.#closed(await controller.close(CLOSE_WITHIN_MS), controller);
    } finally {
      await reader.close();
      await controller.close(stop.aborted ? 10_000 : CLOSE_WITHIN_MS);
    }
    return failure === null ? this.#judge(reader) : { exitCode: failure };
  }

  tellFault(fault: Fault, begins: boolean): void {
    const words: Readonly<Record<string, readonly [string, string]>> = {
      'radar-unplugged': ['the radar cable is pulled', 'the radar cable is put back'],
      'gps-no-fix': ['the GPS loses the sky', 'the GPS sees the sky again'],
      'gps-silent': ['the GPS falls silent', 'the GPS speaks again'],
      'board-unplugged': ['the cable of the I/O board is pulled', 'the cable of the I/O board is put back'],
      'tailgate-half-way': ['the tailgate swings half way', 'the tailgate is closed again'],
    };
    this.#say('fault', words[fault.kind]?.[begins ? 0 : 1] ?? fault.kind, 'magenta');
  }

  /** What the operator does, told as he does it; nothing at the bench. */
  async #asOperator(
    controller: ControllerChild,
    act: (parts: FlowParts) => Promise<void>,
    van: Van,
  ): Promise<ExitCode | null> {
    const { world, scenario, workspace, stop } = this.#parts;
    if (scenario.file.deployment === 'bench') return null;
    const say = (sentence: string): void => {
      this.#say('operator', sentence, 'magenta');
    };
    try {
      await act({ world, scenario, van, dataDir: workspace.dataDir, stop, say, withinMs: READY_WITHIN_MS });
      return null;
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      return this.#ended(controller) ?? this.#stalled(controller, error.message.replace(/\.$/, ''));
    }
  }

  async #untilEnforcing(controller: ControllerChild): Promise<ExitCode | null> {
    const deadline = performance.now() + READY_WITHIN_MS;
    this.#parts.context.progress('Waiting for the controller: devices, self-test, position, sync shot …');
    while (performance.now() < deadline) {
      const ended = this.#ended(controller);
      if (ended !== null) return ended;
      const status = await controller.status();
      if (status) this.#tellStatus(status);
      if (status?.state === 'enforcing') return null;
      await this.#pause();
    }
    return this.#stalled(controller, `it does not enforce after ${String(READY_WITHIN_MS / 1000)} s`);
  }

  async #traffic(van: Van, controller: ControllerChild, reader: PassReader): Promise<ExitCode | null> {
    const { durationS } = this.#parts.scenario.file;
    this.#startNs = van.startTraffic();
    this.#lastHeardMs = performance.now();
    let endMs = Infinity;
    while (performance.now() < endMs) {
      const ended = this.#ended(controller);
      if (ended !== null) return ended;
      if (van.failure !== null) {
        this.#parts.context.warn(`The pretend camera failed: ${van.failure}`);
        return EXIT.internal;
      }
      const status = await controller.status();
      if (status) {
        this.#lastHeardMs = performance.now();
        this.#tellStatus(status);
      } else if (performance.now() - this.#lastHeardMs > SILENCE_MS) {
        return this.#stalled(controller, `its status page is silent for ${String(SILENCE_MS / 1000)} s`);
      }
      for (const pass of await reader.take()) this.#tellPass(pass);
      // The road is empty; the last picture may still be on its way.
      if (van.timeS > durationS && endMs === Infinity) endMs = performance.now() + LAST_IMAGE_MS;
      if (van.timeS > durationS + 2 && van.undelivered === 0) return null;
      await this.#pause();
    }
    return null;
  }

  async #judge(reader: PassReader): Promise<Ending> {
    const { world, scenario, workspace } = this.#parts;
    for (const pass of await reader.take()) this.#tellPass(pass);
    await reader.close();
    const evidence = await listEvidence(workspace.configFile);
    const judgement = world.judge(
      scenario,
      this.#startNs ?? 0,
      this.#passes,
      evidence.map((entry) => ({
        icn: entry.icn,
        kind: entry.kind,
        reason: entry.reason ?? null,
        speedKmh: entry.speedKmh,
        demo: entry.demo,
        image: entry.files['image'] ?? null,
      })),
    );
    return { exitCode: null, judgement, passes: this.#passes, evidence };
  }

  #ended(controller: ControllerChild): ExitCode | null {
    if (this.#parts.stop.aborted) {
      this.#parts.context.warn('Interrupted: closing the controller and the pretend van.');
      return EXIT.interrupted;
    }
    return controller.exitCode === undefined ? null : this.#closed(controller.exitCode, controller);
  }

  /** The controller has ended, though nobody asked it to, or not as it should. */
  #closed(code: number | null, controller: ControllerChild): ExitCode | null {
    if (code === 0 && this.#startNs !== null) return null;
    const { context } = this.#parts;
    if (code === null) context.warn('The controller did not close in time and was ended.');
    else context.warn(`The controller ended with exit code ${String(code)}. Its last words:`);
    for (const line of controller.lastWords) context.warn(`  ${line}`);
    return code === null ? EXIT.simulationStalled : EXIT.internal;
  }

  #stalled(controller: ControllerChild, why: string): ExitCode {
    const { context } = this.#parts;
    context.warn(`The controller stalls: ${why}. Its last words:`);
    for (const line of controller.lastWords) context.warn(`  ${line}`);
    return EXIT.simulationStalled;
  }

  async #pause(): Promise<void> {
    await sleep(LOOK_EVERY_MS, undefined, { signal: this.#parts.stop }).catch(() => undefined);
  }

  #tellStatus(status: ControllerStatus): void {
    if (status.state !== this.#state) {
      this.#state = status.state;
      const why = status.reasons.map((reason) => reason.sentence).join(' ');
      this.#say('state', `${status.state}${why === '' ? '' : `: ${why}`}`, 'cyan');
    }
    const fresh = status.notices.filter((notice) => notice.utcMs > this.#toldNoticesMs && notice.level !== 'info');
    for (const notice of [...fresh].sort((a, b) => a.utcMs - b.utcMs))
      this.#say(notice.level, notice.sentence, 'yellow');
    this.#toldNoticesMs = Math.max(this.#toldNoticesMs, ...status.notices.map((notice) => notice.utcMs));
  }

  #tellPass(summary: PassSummary): void {
    const { world, scenario } = this.#parts;
    const pass = toSeenPass(summary);
    // The radar's self-test shows as passes of nobody; only if one were enforced it would matter.
    if (pass.reason === 'test-target' && pass.icn === null) return;
    this.#passes.push(pass);
    const vehicle = this.#startNs === null ? null : world.vehicleOf(scenario, this.#startNs, pass);
    const truth = vehicle
      ? `${vehicle.plate.padEnd(6)} ${vehicle.kind.padEnd(10)} ${vehicle.speedKmh.toFixed(1).padStart(5)} km/h lane ${vehicle.laneId}`
      : 'nobody was there'.padEnd(36);
    const measured = pass.truncatedKmh === null ? '  –' : String(pass.truncatedKmh).padStart(3);
    const verdict = pass.armed ? pass.verdict : 'not armed';
    const why = pass.armed ? pass.reason : summary.whyNot;
    const enforced = pass.armed && pass.verdict === 'enforce';
    const end = pass.icn === null ? (why ?? '') : `ICN ${pass.icn}`;
    this.#say('pass', `${truth}  →  ${measured} km/h  ${verdict.padEnd(9)} ${end}`, enforced ? 'green' : null);
  }

  #say(word: string, text: string, color: 'magenta' | 'cyan' | 'yellow' | 'green' | null): void {
    const { context } = this.#parts;
    const colors = createColors(context.color);
    const seconds = this.#startNs === null ? null : (Number(process.hrtime.bigint()) - this.#startNs) / 1e9;
    const time = seconds === null ? '     –  ' : `${seconds.toFixed(1).padStart(6)} s`;
    const line = `${word.padEnd(8)} ${text}`;
    context.progress(`${colors.dim(time)}  ${color === null ? line : colors[color](line)}`);
  }
}

function toSeenPass(pass: PassSummary): SeenPass {
  return {
    passId: pass.passId,
    direction: pass.direction,
    firstNs: pass.firstNs,
    lastNs: pass.lastNs,
    speedKmh: pass.speedKmh,
    truncatedKmh: pass.truncatedKmh,
    rangeM: pass.verdict.place.rangeM,
    verdict: pass.verdict.kind,
    reason: pass.verdict.reason,
    armed: pass.armed,
    icn: pass.icn,
  };
}
