/** What a deployment tells: notices for people, and the events that are chained for the register (OPR-2). */
import type { VanPlacement } from '../site/types.js';
import type { Output, SessionState } from '../timeline.js';
import type { MonotonicNs, UtcMs } from '../units.js';
import type { Doubt } from './doubt.js';
import { CONTROLLER, type DeploymentEvent } from './events.js';
import type { Attestation, TestResult } from './plan.js';
import type { BelievedPosition } from './position-monitor.js';
import type { Refusal } from './readiness.js';

export function doubtEvent({ sentence, ...doubt }: Doubt, atNs: MonotonicNs, utcMs: UtcMs | null): DeploymentEvent {
  return { type: 'doubt', atNs, utcMs, by: CONTROLLER, code: doubt.test, sentence, detail: { ...doubt } };
}

export class Log {
  constructor(
    private readonly push: (output: Output) => void,
    private readonly utcAt: (atNs: MonotonicNs) => UtcMs | null,
  ) {}

  readonly notice = (level: 'info' | 'warning' | 'alarm', code: string, sentence: string, atNs: MonotonicNs): void => {
    this.push({ type: 'notice', atNs, level, code, sentence });
  };

  readonly tested = (result: TestResult, by: string): void => {
    const { test, passed, sentence, subject, atNs } = result;
    this.notice(passed ? 'info' : 'alarm', `test-${test}`, sentence, atNs);
    this.event('test', test, by, sentence, { passed, subject }, atNs);
  };

  readonly doubted = (doubt: Doubt, atNs: MonotonicNs): void => {
    this.notice('alarm', 'in-doubt', doubt.sentence, atNs);
    this.push({ type: 'event', event: doubtEvent(doubt, atNs, this.utcAt(atNs)) });
  };

  attested({ check, by, statement, given }: Attestation, title: string, atNs: MonotonicNs): void {
    const sentence = given ? `${title}: ${by} says yes.` : `${title}: ${by} withdraws it.`;
    this.event('attestation', check, by, sentence, { given, statement }, atNs);
  }

  moved(
    from: SessionState,
    to: SessionState,
    by: string,
    reasons: readonly Refusal[],
    position: BelievedPosition | null,
    van: VanPlacement | null,
    atNs: MonotonicNs,
  ): void {
    const why = reasons.map(({ sentence }) => sentence).join(' ');
    const place =
      position === null
        ? {}
        : {
            latitude: position.point.latitude,
            longitude: position.point.longitude,
            positionErrorM: position.errorM,
            chainageM: van?.chainageM ?? null,
          };
    this.event(
      'state',
      to,
      by,
      why === '' ? `From ${from} to ${to}.` : `From ${from} to ${to}: ${why}`,
      {
        from,
        reasons: reasons.map(({ code, sentence }) => ({ code, sentence })),
        ...place,
      },
      atNs,
    );
  }

  private event(
    type: DeploymentEvent['type'],
    code: string,
    by: string,
    sentence: string,
    detail: Readonly<Record<string, unknown>>,
    atNs: MonotonicNs,
  ): void {
    this.push({ type: 'event', event: { type, atNs, utcMs: this.utcAt(atNs), by, code, sentence, detail } });
  }
}
