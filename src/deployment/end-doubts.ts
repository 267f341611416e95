/**
 * What is in doubt when a deployment ends and nobody has said so. A controller that is cut off takes its memory of tests
 * and exposures with it, so at the end the whole story is gone through again: the chained events and the fired numbers.
 * After an undisturbed session nothing is left to be said.
 */
import { doubtOf } from '../evidence/doubts.js';
import type { ExposureStart } from '../evidence/types.js';
import { DoubtBook, type Doubt } from './doubt.js';
import type { DeploymentEvent } from './events.js';
import { SELF_TESTS, type SelfTestName } from './plan.js';

type Fired = Pick<ExposureStart, 'icn' | 'kind' | 'atNs'>;

/**
 * @param events of one session in their order, over all the deployment numbers that it used; a bench asks for no tests
 *   and is left alone
 */
export function doubtsAtEnd(events: readonly DeploymentEvent[], fired: readonly Fired[]): Doubt[] {
  const opened = events.find(({ type }) => type === 'opened')?.detail;
  if (opened?.['plan'] == null) return [];
  const book = new DoubtBook();
  const found: (Doubt | null)[] = [];
  const tests = events.filter(({ type, code }) => type === 'test' && code !== 'alignment');
  const story = [
    ...fired.filter(({ kind }) => kind === 'incident').map(({ atNs, icn }) => ({ atNs, tell: () => book.fired(icn) })),
    ...tests.map((event) => ({ atNs: event.atNs, tell: () => void found.push(book.tested(resultOf(event))) })),
  ];
  for (const { tell } of story.sort((one, other) => one.atNs - other.atNs)) tell();
  const { forks } = opened;
  const required: SelfTestName[] = Array.isArray(forks) && forks.length > 0 ? ['fork'] : [];
  if (tests.some(({ code }) => code === 'radar')) required.push('radar');
  found.push(...required.map((test) => book.missing(test)));
  const told = events.map(doubtOf).filter((doubt) => doubt !== null);
  const isNew = (doubt: Doubt): boolean => !told.some((one) => one.test === doubt.test && covers(one, doubt));
  return found.filter((doubt) => doubt !== null).filter(isNew);
}

const covers = (one: Pick<Doubt, 'fromIcn' | 'untilIcn'>, other: Pick<Doubt, 'fromIcn' | 'untilIcn'>): boolean =>
  one.fromIcn <= other.fromIcn && one.untilIcn >= other.untilIcn;

function resultOf({ code, detail, atNs, utcMs, sentence }: DeploymentEvent) {
  const test = SELF_TESTS.find((name) => name === code) ?? 'alignment';
  return { test, passed: detail['passed'] === true, atNs, utcMs, sentence, subject: null };
}
