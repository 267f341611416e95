/**
 * What a failed or missing test puts in doubt: every exposure since the last good one (domain/measurement.md, "Self-tests").
 * Such records are marked, never deleted.
 */
import type { Icn } from '../evidence/types.js';
import type { UtcMs } from '../units.js';
import type { SelfTestName, TestResult } from './plan.js';

export interface Doubt {
  readonly test: SelfTestName;
  readonly fromIcn: Icn;
  readonly untilIcn: Icn;
  /** Time of the last good test; null: there was none. */
  readonly sinceUtcMs: UtcMs | null;
  readonly sentence: string;
}

interface Since {
  goodUtcMs: UtcMs | null;
  first: Icn | null;
  last: Icn | null;
}

const WORDS: Readonly<Record<SelfTestName, string>> = {
  fork: 'fork test',
  radar: 'self-test of the radar',
  alignment: 'alignment photo',
};

export class DoubtBook {
  private readonly since: Readonly<Record<SelfTestName, Since>> = {
    fork: { goodUtcMs: null, first: null, last: null },
    radar: { goodUtcMs: null, first: null, last: null },
    alignment: { goodUtcMs: null, first: null, last: null },
  };

  fired(icn: Icn): void {
    for (const since of Object.values(this.since)) {
      since.first ??= icn;
      since.last = icn;
    }
  }

  /** @returns what a failed test puts in doubt; null after a good one, or when nothing was exposed */
  tested({ test, passed, utcMs }: TestResult): Doubt | null {
    if (!passed) return this.doubtOf(test, `failed ${WORDS[test]}`);
    const since = this.since[test];
    since.goodUtcMs = utcMs;
    since.first = null;
    since.last = null;
    return null;
  }

  /** The deployment ends without a good test since the last exposure. */
  missing(test: SelfTestName): Doubt | null {
    return this.doubtOf(test, `no ${WORDS[test]} at the end`);
  }

  private doubtOf(test: SelfTestName, why: string): Doubt | null {
    const { first, last, goodUtcMs } = this.since[test];
    if (first === null || last === null) return null;
    const sentence = `In doubt: numbers ${first} to ${last}, ${why}; all since the last good test are marked.`;
    return { test, fromIcn: first, untilIcn: last, sinceUtcMs: goodUtcMs, sentence };
  }
}
