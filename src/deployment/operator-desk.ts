/** What the operator does: vouches, tests, starts and halts. Each refusal is a notice with a sentence, nothing more. */
import type { ControllerConfig } from '../controller-config.js';
import type { RadarDriver } from '../radar/reading.js';
import type { Input } from '../timeline.js';
import type { MonotonicNs } from '../units.js';
import { CHECKS } from './checks/index.js';
import type { EquipmentTests } from './equipment-tests.js';
import type { Known } from './known.js';
import { CONTROLLER, type Log } from './log.js';
import type { Attestation } from './plan.js';
import type { Stage } from './stage.js';

export class OperatorDesk {
  readonly attestations = new Map<string, Attestation>();
  /** His own halt, until he starts again. */
  halted = false;
  private armKey: boolean | null = null;
  /** Who is behind the next change of state. */
  private mover = CONTROLLER;

  constructor(
    private readonly config: ControllerConfig,
    private readonly known: Known,
    private readonly stage: Stage,
    private readonly tests: EquipmentTests,
    private readonly driver: RadarDriver,
    private readonly log: Log,
  ) {}

  takeMover(): string {
    const { mover } = this;
    this.mover = CONTROLLER;
    return mover;
  }

  command({ command, by = 'operator', atNs }: Extract<Input, { type: 'command' }>): void {
    if (command === 'start') this.start(by, atNs);
    else if (command === 'suspend') this.halt(by);
    else if (command === 'self-test') this.driver.dialogue.startSelfTest(atNs);
    else if (command === 'alignment') this.tests.photos.ask();
  }

  attest(attestation: Attestation, atNs: MonotonicNs): void {
    const check = CHECKS.find(({ id }) => id === attestation.check);
    if (check === undefined) {
      this.log.notice('warning', 'attestation-unknown', `Attestation: ${attestation.check} is no check.`, atNs);
      return;
    }
    if (attestation.given) this.attestations.set(check.id, attestation);
    else this.attestations.delete(check.id);
    this.log.attested(attestation, check.title, atNs);
  }

  startForkTest({ fork, by, atNs }: Extract<Input, { type: 'fork-test' }>): void {
    const certificate = this.known.reference.certificates.find(
      ({ kind, subject, forkKmh }) => kind === 'fork' && subject === fork && forkKmh !== null,
    );
    if (certificate?.forkKmh == null || !this.config.equipment.forks.includes(fork)) {
      const carried = this.config.equipment.forks.join(', ') || 'none';
      const sentence = `Fork test: fork ${fork} is not carried with a certificate that states its speed; carried: ${carried}.`;
      this.log.notice('warning', 'fork-unknown', sentence, atNs);
      return;
    }
    this.tests.startFork(fork, by, certificate.forkKmh, atNs);
  }

  /** Turned on it starts, turned off it suspends (that is a check of its own). */
  onArmKey(armKey: boolean | null, atNs: MonotonicNs): void {
    const turnedOn = armKey === true && this.armKey === false;
    this.armKey = armKey;
    if (turnedOn && this.stage.state === 'ready') this.start('arm key', atNs);
  }

  private start(by: string, atNs: MonotonicNs): void {
    if (this.halted) {
      this.halted = false;
      this.mover = by;
      return;
    }
    const whyNot = this.armKey === false ? 'the arm key is off, expected on' : this.stage.start();
    if (whyNot === null) this.mover = by;
    else this.log.notice('warning', 'start-refused', `Start: ${whyNot}.`, atNs);
  }

  private halt(by: string): void {
    const { state } = this.stage;
    if (state !== 'enforcing' && state !== 'suspended') return;
    this.halted = true;
    this.mover = by;
  }
}
