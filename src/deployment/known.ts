/** What the van knows: the last word of each source that is not the radar. Every input of these replaces what it tells. */
import type { ControllerConfig } from '../controller-config.js';
import { placeVan } from '../site/placement.js';
import type { Reference } from '../site/reference.js';
import type { VanPlacement } from '../site/types.js';
import type { BoardReport, Input, InputLineName } from '../timeline.js';
import { NS_PER_S, type MonotonicNs, type UtcMs } from '../units.js';
import { ClockMonitor } from './clock-monitor.js';
import { isDark } from './darkness.js';
import { PositionMonitor } from './position-monitor.js';
import type { BoardFacts } from './readiness.js';

const DARKNESS_EVERY_NS = 30 * NS_PER_S;

export type TellNotice = (
  level: 'info' | 'warning' | 'alarm',
  code: string,
  sentence: string,
  atNs: MonotonicNs,
) => void;

export class Known {
  readonly clock = new ClockMonitor();
  readonly position = new PositionMonitor();
  vanPlacement: VanPlacement | null = null;
  reference: Reference;
  /** null while neither place nor time is known. */
  dark: boolean | null = null;
  store = { usable: true, detail: '' };
  board: BoardFacts = { up: false, detail: 'not connected yet', report: null, reportNs: null };
  oldestUnexportedUtcMs: UtcMs | null = null;
  lines: Readonly<Record<InputLineName, 0 | 1 | null>> = { strobe: null, tamper: null, ready: null };
  private darkKnownNs: number | null = null;

  constructor(
    private readonly config: ControllerConfig,
    private readonly tell: TellNotice,
  ) {
    this.reference = config.reference;
  }

  /** Takes in what is told of the outside; what is a matter of the session itself is left to it. */
  take(input: Input): void {
    switch (input.type) {
      case 'gps-link':
        this.position.onLink(input.up, input.detail);
        break;
      case 'gps-fix':
        this.takeFix(input);
        break;
      case 'clock':
        this.takeClock(input);
        break;
      case 'line-edge':
        this.takeEdge(input);
        break;
      case 'store':
        this.store = { usable: input.usable, detail: input.detail };
        break;
      case 'board-link':
        this.board = { up: input.up, detail: input.detail, report: null, reportNs: null };
        break;
      case 'board':
        this.takeBoard(input.report, input.atNs);
        break;
      case 'reference':
        this.reference = input.reference;
        break;
      case 'unexported':
        this.oldestUnexportedUtcMs = input.oldestUtcMs;
        break;
      default:
        break;
    }
  }

  /** A place that is no longer believed is no place. */
  forgetOldPlace(nowNs: MonotonicNs): void {
    if (this.position.believed(nowNs) === null) this.vanPlacement = null;
  }

  private takeFix(input: Extract<Input, { type: 'gps-fix' }>): void {
    if (input.fix.utcMs !== null) this.clock.onFixTime(input.fix.utcMs, input.atNs);
    if (!this.position.onFix(input.fix, input.atNs)) return;
    const believed = this.position.believed(input.atNs);
    if (believed === null) return;
    this.vanPlacement = placeVan(this.config.site, this.config.mounting, believed.point, believed.errorM);
  }

  private takeClock(input: Extract<Input, { type: 'clock' }>): void {
    const stepMs = this.clock.onClock(input);
    if (stepMs !== null) {
      const sentence = `Clock: the system time jumped by ${stepMs.toFixed(0)} ms.`;
      this.tell('warning', 'clock-step', sentence, input.atNs);
      this.darkKnownNs = null;
    }
    const position = this.position.believed(input.atNs);
    if (position === null) return;
    if (this.darkKnownNs !== null && input.atNs - this.darkKnownNs < DARKNESS_EVERY_NS) return;
    this.dark = isDark(position.point, input.utcMs);
    this.darkKnownNs = input.atNs;
  }

  private takeEdge(input: Extract<Input, { type: 'line-edge' }>): void {
    const before = this.lines[input.line];
    this.lines = { ...this.lines, [input.line]: input.value };
    if (input.line === 'tamper' && input.value === 1 && before !== 1) {
      const sentence = 'Tamper line: the cabinet or its wiring is being interfered with.';
      this.tell('alarm', 'tamper', sentence, input.atNs);
    }
  }

  private takeBoard(report: BoardReport, atNs: MonotonicNs): void {
    const wasOpen = this.board.report?.tamperLoopWhole === false;
    this.board = { up: true, detail: this.board.detail, report, reportNs: atNs };
    if (report.tamperLoopWhole === false && !wasOpen) {
      this.tell('alarm', 'tamper-loop', 'Tamper loop: it is broken; the cabinet may be open.', atNs);
    }
  }
}
