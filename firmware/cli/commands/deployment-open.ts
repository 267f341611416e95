/**
 * `kerbside deployment open`: opens, vouches, waits and says what still fails and changes, until the camera is ready; then
 * it begins to enforce if that was asked for. Ctrl-C ends only the waiting: the deployment stays open.
 */
import { CHECKS } from '../../../src/deployment/checks/index.js';
import type { Finding } from '../../../src/deployment/readiness.js';
import { EXIT, KerbsideError } from '../../../src/errors.js';
import type { ControlClient } from '../../control/client.js';
import { Deferred, within } from '../../office/deferred.js';
import type { Status } from '../../office/status.js';
import type { CliContext, CommandAction } from '../context.js';
import { statusDocument } from '../deployment-status-view.js';
import { withController } from './deployment.js';

export interface OpenOptions {
  readonly site: string;
  readonly operator: string;
  readonly lanes: readonly string[];
  readonly heading: 'increasing' | 'decreasing';
  readonly lateralM: number;
  readonly occupier: string | null;
  readonly weather: string | null;
  readonly vehicle: string | null;
  /** Ids of checks; `all`: whatever can be vouched for. */
  readonly attest: readonly string[];
  readonly start: boolean;
  readonly wait: boolean;
}

/** The devices are opened and the packs read. */
const OPEN_MS = 60_000;
/** The first judgement of all checks comes within a moment of the opening. */
const FIRST_CHECKS_MS = 10_000;

export const openDeployment: CommandAction<OpenOptions> = (context, options) =>
  withController(context, async (client) => {
    const { attest, start, wait, lanes, ...plan } = options;
    expectAttestable(attest);
    const { deployment } = await client.ask({ type: 'open', ...plan, lanes: [...lanes] }, OPEN_MS);
    context.progress(`Deployment ${deployment} is open at site ${options.site}.`);
    const watch = new Watch();
    watch.see(await client.subscribe(watch.see));
    void client.closed.then(watch.gone);
    if (attest.length > 0) await vouch(context, client, watch, attest);
    if (wait || start) await untilReady(context, watch, deployment);
    if (start) await begin(client, watch);
    const status = await client.ask({ type: 'status' });
    if (context.json) context.printJson(statusDocument(status));
    else context.print(`Deployment ${deployment}: ${status.state}.`);
    return EXIT.good;
  });

/** Before anything is opened: a slip of the pen must not leave a deployment behind. */
function expectAttestable(wanted: readonly string[]): void {
  const known = CHECKS.filter(({ force }) => force === 'attestable').map(({ id }) => id);
  const wrong = wanted.find((id) => id !== 'all' && !known.includes(id));
  if (wrong === undefined) return;
  const expected = `expected all or some of ${known.join(', ')}; nothing was opened.`;
  throw new KerbsideError('deployment-invalid', `--attest: ${wrong} cannot be vouched for, ${expected}`);
}

/** The last status, and waiting for one of a kind. */
class Watch {
  #status: Status | null = null;
  #next = new Deferred<Status | null>();

  readonly see = (status: Status): void => {
    this.#status = status;
    this.#settle(status);
  };

  readonly gone = (): void => {
    this.#settle(null);
  };

  /** @returns the first that holds, now or later; null when the time is over. @throws KerbsideError 'controller-absent' */
  async until(holds: (status: Status) => boolean, patienceMs: number): Promise<Status | null> {
    const end = performance.now() + patienceMs;
    for (;;) {
      if (this.#status !== null && holds(this.#status)) return this.#status;
      const next = this.#next.promise;
      const left = end - performance.now();
      if (left <= 0 || !(await within(Math.min(left, 2 ** 31 - 1), next))) return null;
      if ((await next) === null)
        throw new KerbsideError('controller-absent', 'The controller ended while it was waited for.');
    }
  }

  #settle(status: Status | null): void {
    const next = this.#next;
    this.#next = new Deferred();
    if (status === null) this.#next.resolve(null);
    next.resolve(status);
  }
}

async function vouch(
  context: CliContext,
  client: ControlClient,
  watch: Watch,
  wanted: readonly string[],
): Promise<void> {
  const status = await watch.until(({ checks }) => checks.length > 0, FIRST_CHECKS_MS);
  const open = (status?.checks ?? []).filter(
    ({ force, status: judged }) => force === 'attestable' && judged === 'fail',
  );
  const ids = wanted.includes('all') ? open.map(({ id }) => id) : wanted;
  for (const check of ids) {
    const { sentence } = await client.ask({ type: 'attest', check });
    context.progress(`  ${sentence}`);
  }
}

const isReady = ({ state }: Status): boolean => state === 'ready' || state === 'enforcing';

/** As long as it takes; what still fails is said whenever that changes. */
async function untilReady(context: CliContext, watch: Watch, deployment: string): Promise<void> {
  let said: ReadonlySet<string> = new Set();
  await watch.until((status) => {
    if (status.deployment === null || status.state === 'closing') {
      const why = status.reasons.map(({ sentence }) => ` ${sentence}`).join('');
      throw new KerbsideError('deployment-refused', `Deployment ${deployment} was closed before it was ready.${why}`);
    }
    // A closed session has no checks any more; that is no good news about them.
    if (status.checks.length > 0) said = tellChanges(context, status, said);
    return isReady(status);
  }, Infinity);
}

/** @returns what fails now */
function tellChanges(context: CliContext, status: Status, before: ReadonlySet<string>): ReadonlySet<string> {
  const failing = status.checks.filter(stops);
  const ids = new Set(failing.map(({ id }) => id));
  for (const { id, sentence } of failing) if (!before.has(id)) context.progress(`  waits: ${sentence} [${id}]`);
  for (const id of before) {
    const now = status.checks.find((each) => each.id === id);
    if (!ids.has(id)) context.progress(`  good:  ${now?.title ?? id}`);
  }
  return ids;
}

const stops = ({ status, force }: Finding): boolean => status === 'fail' && force !== 'advisory';

async function begin(client: ControlClient, watch: Watch): Promise<void> {
  const already = await watch.until(({ state }) => state === 'enforcing', 0);
  if (already === null) await client.ask({ type: 'start' });
}
