/**
 * A deployment that ended by a crash had no test at its end: what was exposed since the last good one is in doubt, as it
 * would be after an end without a test. Told from what is written down: the chained events and the fired numbers.
 */
import type { ExposureStart } from '../evidence/types.js';
import { DoubtBook, type Doubt } from './doubt.js';
import type { DeploymentEvent } from './events.js';
import { SELF_TESTS, type SelfTestName } from './plan.js';

type Fired = Pick<ExposureStart, 'icn' | 'kind' | 'atNs'>;

/** @param events of one deployment, in their order; a bench asks for no tests and is left alone */
export function doubtsOfCrash(events: readonly DeploymentEvent[], fired: readonly Fired[]): Doubt[] {
  const opened = events.find(({ type }) => type === 'opened')?.detail;
  if (opened?.['plan'] == null) return [];
  const book = new DoubtBook();
  const tests = events.filter(({ type }) => type === 'test');
  const story = [
    ...fired
      .filter(({ kind }) => kind === 'incident')
      .map(({ atNs, icn }) => ({
        atNs,
        tell: () => {
          book.fired(icn);
        },
      })),
    ...tests.map((event) => ({ atNs: event.atNs, tell: () => void book.tested(resultOf(event)) })),
  ];
  for (const { tell } of story.sort((one, other) => one.atNs - other.atNs)) tell();
  const { forks } = opened;
  const required: SelfTestName[] = Array.isArray(forks) && forks.length > 0 ? ['fork'] : [];
  if (tests.some(({ code }) => code === 'radar')) required.push('radar');
  return required.map((test) => book.missing(test)).filter((doubt) => doubt !== null);
}

function resultOf({ code, detail, atNs, utcMs, sentence }: DeploymentEvent) {
  const test = SELF_TESTS.find((name) => name === code) ?? 'alignment';
  return { test, passed: detail['passed'] === true, atNs, utcMs, sentence, subject: null };
}
