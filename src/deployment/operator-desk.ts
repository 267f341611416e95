/** What the operator does: vouches, tests, starts and halts. Each refusal is a notice with a sentence, nothing more. */
import type { ControllerConfig } from '../controller-config.js';
import type { RadarDriver } from '../radar/reading.js';
import type { Input } from '../timeline.js';
import { localDateOf } from '../site/dates.js';
import type { MonotonicNs } from '../units.js';
import { certificateOn, certificatesOf } from './checks/certificate.js';
import { CHECKS } from './checks/index.js';
import type { EquipmentTests } from './equipment-tests.js';
import type { Known } from './known.js';
import { CONTROLLER } from './events.js';
import type { Log } from './log.js';
import type { Attestation } from './plan.js';
import type { Stage } from './stage.js';

/** Who turned it is not known to the board; who has deployed is. */
const ARM_KEY = 'arm key';
/** While the time is not known every certificate has been issued. */
const LAST_DATE = '9999-12-31';

export class OperatorDesk {
  /** Replaced by each word that is given or taken back. */
  attestations: ReadonlyMap<string, Attestation> = new Map();
  /** His own halt, until he starts again. */
  halted = false;
  private armKey: boolean | null = null;
  private keyTurned = false;
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
    else if (command === 'alignment') this.tests.photos.ask(by);
  }

  attest(attestation: Attestation, atNs: MonotonicNs): void {
    const check = CHECKS.find(({ id }) => id === attestation.check);
    if (check?.force !== 'attestable') {
      const sentence = `Attestation: ${attestation.check} is no check that an operator vouches for.`;
      this.log.notice('warning', 'attestation-unknown', sentence, atNs);
      return;
    }
    const attestations = new Map(this.attestations);
    if (attestation.given) attestations.set(check.id, attestation);
    else attestations.delete(check.id);
    this.attestations = attestations;
    this.log.attested(attestation, check.title, atNs);
  }

  startForkTest({ fork, by, atNs }: Extract<Input, { type: 'fork-test' }>): void {
    const forkKmh = this.speedOfFork(fork, atNs);
    if (forkKmh === null || !this.config.equipment.forks.includes(fork)) {
      const carried = this.config.equipment.forks.join(', ') || 'none';
      const sentence = `Fork test: fork ${fork} is not carried with a certificate that states its speed; carried: ${carried}.`;
      this.log.notice('warning', 'fork-unknown', sentence, atNs);
      return;
    }
    this.tests.startFork(fork, by, forkKmh, atNs);
  }

  /** CAL-2: as the certificate says that counts today; a fork that was certified anew may stand for another speed. */
  private speedOfFork(fork: string, atNs: MonotonicNs): number | null {
    const utc = this.known.clock.utcAt(atNs);
    const date = utc === null ? LAST_DATE : localDateOf(utc, this.config.site.zone);
    return certificateOn(certificatesOf(this.known, 'fork', fork), date)?.forkKmh ?? null;
  }

  onArmKey(armKey: boolean | null): void {
    this.keyTurned = armKey === true && this.armKey === false;
    this.armKey = armKey;
  }

  /**
   * Turning the key on is his word to start, where nothing else was missing; turned on too early it must be turned again.
   *
   * @returns true when enforcement begins
   */
  startByKey(): boolean {
    const { keyTurned } = this;
    this.keyTurned = false;
    if (!keyTurned || this.stage.state !== 'ready' || this.halted || this.stage.start() !== null) return false;
    this.mover = ARM_KEY;
    return true;
  }

  private start(by: string, atNs: MonotonicNs): void {
    if (this.halted) {
      this.halted = false;
      this.mover = by;
      return;
    }
    const whyNot = this.stage.start();
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
