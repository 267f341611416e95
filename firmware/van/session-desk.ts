/**
 * What a person may ask of one open deployment: start, suspend, attest, test. The controller decides; here its answer is
 * awaited, so that whoever asked gets the outcome in the controller's own words.
 */
import type { Finding } from '../../src/deployment/readiness.js';
import { KerbsideError } from '../../src/errors.js';
import type { Input, Output } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import type { ControlAnswers, RequestOf } from '../control/messages.js';
import { Deferred, within } from '../office/deferred.js';
import type { OperatorInput } from '../office/office.js';
import type { Status } from '../office/status.js';

/** One open session, as the office offers it. */
export interface OpenSession {
  readonly status: Status;
  command(input: OperatorInput): boolean;
  onOutput(listener: (output: Output) => void): () => void;
}

export interface SessionDeskOptions {
  readonly session: OpenSession;
  readonly monotonicNs: () => MonotonicNs;
  /** Serial numbers of the forks that are carried. */
  readonly forks: readonly string[];
  readonly hasRadarTest: boolean;
  /** Who may vouch; null: nobody knows the operators (bench). */
  readonly operators: () => ReadonlySet<string> | null;
  readonly patience?: Partial<Patience>;
}

export interface Patience {
  /** For what the controller does within one round. */
  readonly changeMs: number;
  /** The controller itself gives a fork a minute. */
  readonly forkMs: number;
  readonly radarMs: number;
  readonly alignmentMs: number;
}

export const PATIENCE: Patience = { changeMs: 3000, forkMs: 75_000, radarMs: 60_000, alignmentMs: 90_000 };

type Judge<T> = (output: Output) => T | Error | null;

export class SessionDesk {
  readonly #options: SessionDeskOptions;
  readonly #patience: Patience;
  readonly #forget: () => void;
  /** A vehicle was photographed and no good fork test has followed. */
  #untested = false;

  constructor(options: SessionDeskOptions) {
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#forget = options.session.onOutput((output) => {
      if (output.type === 'fire' && output.exposure.kind === 'incident') this.#untested = true;
      if (output.type === 'event' && isTest(output, 'fork') && output.event.detail['passed'] === true)
        this.#untested = false;
    });
  }

  stop(): void {
    this.#forget();
  }

  /** Why the deployment should not be closed yet; null when it may be. */
  get endTestMissing(): string | null {
    const { forks } = this.#options;
    if (!this.#untested || forks.length === 0) return null;
    return (
      'Close: vehicles were photographed since the last good fork test; expected kerbside deployment test fork ' +
      `${forks[0] ?? ''} first, or --without-end-test, which puts these records in doubt.`
    );
  }

  /** @throws KerbsideError 'deployment-refused' */
  async start(by: string): Promise<ControlAnswers['start']> {
    const input = { type: 'command', command: 'start', by, atNs: this.#now() } as const;
    const state = await this.#ask<string>(input, this.#patience.changeMs, (output) => {
      if (output.type === 'notice' && output.code === 'start-refused') return this.#refusal(output.sentence);
      return output.type === 'state' && output.state === 'enforcing' ? output.state : null;
    });
    return { state: state ?? this.#orRefuse('Start', 'enforcing') };
  }

  /** @throws KerbsideError 'deployment-refused' */
  async suspend(by: string): Promise<ControlAnswers['suspend']> {
    const { state } = this.#options.session.status;
    if (state !== 'enforcing' && state !== 'suspended') {
      throw refused(`Suspend: the state is ${state}, expected enforcing.`);
    }
    const input = { type: 'command', command: 'suspend', by, atNs: this.#now() } as const;
    const after = await this.#ask(input, this.#patience.changeMs, (output) =>
      output.type === 'state' && output.state === 'suspended' ? output.state : null,
    );
    return { state: after ?? this.#orRefuse('Suspend', 'suspended') };
  }

  /** @throws KerbsideError 'deployment-invalid' for a check that nobody can vouch for, 'deployment-refused' */
  async attest(request: RequestOf<'attest'>): Promise<ControlAnswers['attest']> {
    const { check, statement, given } = request;
    this.#expectAttestable(check);
    const by = this.#voucher(request);
    const input = { type: 'attest', atNs: this.#now(), attestation: { check, by, statement, given } } as const;
    const sentence = await this.#ask<string>(input, this.#patience.changeMs, (output) => {
      if (output.type === 'notice' && output.code === 'attestation-unknown') return this.#refusal(output.sentence);
      const { event } = output.type === 'event' ? output : { event: null };
      return event?.type === 'attestation' && event.code === check ? event.sentence : null;
    });
    if (sentence === null) throw refused(`Attestation of ${check}: the controller did not take it; try again.`);
    return { sentence };
  }

  /**
   * @returns the outcome, good or bad
   * @throws KerbsideError 'deployment-invalid' for what is not there to be tested, 'deployment-refused'
   */
  async test(request: RequestOf<'test'>): Promise<ControlAnswers['test']> {
    const { test } = request;
    const { input, patienceMs } = this.#testInput(request);
    const outcome = await this.#ask<ControlAnswers['test']>(input, patienceMs, (output) => {
      if (output.type === 'notice' && output.code === 'fork-unknown') return this.#refusal(output.sentence);
      if (output.type !== 'event' || !isTest(output, test)) return null;
      const { detail, sentence } = output.event;
      const subject = typeof detail['subject'] === 'string' ? detail['subject'] : null;
      return { test, passed: detail['passed'] === true, sentence, subject };
    });
    if (outcome !== null) return outcome;
    throw refused(
      `Test ${test}: the controller told no outcome within ${patienceMs / 1000} s; expected passed or failed.`,
    );
  }

  #testInput({ test, fork, by }: RequestOf<'test'>): { readonly input: OperatorInput; readonly patienceMs: number } {
    const { forks, hasRadarTest, session } = this.#options;
    const atNs = this.#now();
    const { state } = session.status;
    const who = session.status.plan?.operatorId ?? by;
    if (test === 'fork') {
      if (fork === null || !forks.includes(fork)) {
        const carried = forks.length === 0 ? 'none (configuration forks)' : forks.join(', ');
        throw new KerbsideError(
          'deployment-invalid',
          `Fork test: fork ${fork ?? 'missing'}, expected one of ${carried}.`,
        );
      }
      return { input: { type: 'fork-test', atNs, fork, by: who }, patienceMs: this.#patience.forkMs };
    }
    if (test === 'radar') {
      if (!hasRadarTest) {
        throw new KerbsideError(
          'deployment-invalid',
          'Radar test: this radar has no self-test, expected one that has.',
        );
      }
      return {
        input: { type: 'command', command: 'self-test', by: who, atNs },
        patienceMs: this.#patience.radarMs,
      };
    }
    if (state === 'enforcing') throw refused('Alignment photo: the camera is enforcing, expected it suspended first.');
    return {
      input: { type: 'command', command: 'alignment', by: who, atNs },
      patienceMs: this.#patience.alignmentMs,
    };
  }

  #expectAttestable(check: string): void {
    const { checks } = this.#options.session.status;
    const found = checks.find(({ id }) => id === check);
    if (found?.force === 'attestable') return;
    const known = attestable(checks).map(({ id }) => id);
    const what = found === undefined ? 'is no check' : 'is measured, nobody can vouch for it';
    const expected = known.length === 0 ? 'none can be attested here' : `expected one of ${known.join(', ')}`;
    throw new KerbsideError('deployment-invalid', `Attestation: ${check} ${what}, ${expected}.`);
  }

  #voucher({ operator, by }: RequestOf<'attest'>): string {
    const voucher = operator ?? this.#options.session.status.plan?.operatorId ?? by;
    const known = this.#options.operators();
    if (known === null || known.has(voucher)) return voucher;
    throw new KerbsideError(
      'deployment-invalid',
      `Attestation: ${voucher} is no operator of the imported pack (OPR-1), expected ${some([...known])}.`,
    );
  }

  #orRefuse(what: string, wanted: string): string {
    const { state, reasons } = this.#options.session.status;
    if (state === wanted) return state;
    const why = reasons.map(({ sentence }) => sentence).join(' ');
    throw refused(`${what}: the state is ${state}, expected ${wanted}.${why === '' ? '' : ` ${why}`}`);
  }

  #refusal(sentence: string): KerbsideError {
    return refused(sentence);
  }

  #now(): MonotonicNs {
    return this.#options.monotonicNs();
  }

  /** @returns what `judge` makes of the first output that it knows; null when none came in time */
  async #ask<T>(input: OperatorInput, patienceMs: number, judge: Judge<T>): Promise<T | null> {
    const answer = new Deferred<T>();
    let found: T | null = null;
    const forget = this.#options.session.onOutput((output) => {
      const made = judge(output);
      if (made instanceof Error) answer.reject(made);
      else if (made !== null && found === null) answer.resolve((found = made));
    });
    try {
      if (!this.#options.session.command(input)) {
        throw refused('The trigger process is not running at this moment; expected it back within seconds, try again.');
      }
      await within(patienceMs, answer.promise);
      return found;
    } finally {
      forget();
    }
  }
}

/** What somebody may vouch for here. */
export const attestable = (checks: readonly Finding[]): Finding[] =>
  checks.filter(({ force, status }) => force === 'attestable' && status !== 'not-applicable');

const refused = (sentence: string): KerbsideError => new KerbsideError('deployment-refused', sentence);

const isTest = ({ event }: Extract<Output, { type: 'event' }>, test: string): boolean =>
  event.type === 'test' && event.code === test;

const LISTED = 12;
/** A list for a sentence, cut where it grows too long for one. */
export function some(names: readonly string[]): string {
  if (names.length === 0) return 'nothing, since none is known';
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return `${names.slice(0, LISTED).join(', ')}${more}`;
}

/** Reference data that were imported while the session runs. */
export const referenceInput = (
  reference: Extract<Input, { type: 'reference' }>['reference'],
  atNs: MonotonicNs,
): OperatorInput => ({ type: 'reference', atNs, reference });
