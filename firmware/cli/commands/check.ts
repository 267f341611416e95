/**
 * `kerbside check`: may the camera enforce here, now? With an open deployment the running controller answers, live. With
 * nothing open, or no controller at all, the same checks say what is known without one.
 */
import { EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import { loadConfig } from '../../config/load.js';
import type { KerbsideConfig } from '../../config/schema.js';
import { ControlClient } from '../../control/client.js';
import { Deferred, within } from '../../office/deferred.js';
import type { Status } from '../../office/status.js';
import { readShelf } from '../../van/packs.js';
import { changedLines, checkDocument, checkLines, forbids, headline, type Readiness } from '../check-view.js';
import type { CliContext, CommandAction } from '../context.js';
import { checkOffline } from '../offline-check.js';

export interface CheckOptions {
  readonly watch: boolean;
  readonly site: string | null;
  readonly operator: string | null;
}

/** A controller judges for the first time within a moment of its start. */
const FIRST_CHECKS_MS = 3000;

export const check: CommandAction<CheckOptions> = async (context, options) => {
  const config = loadConfig(context.configPath);
  const client = await connect(config);
  if (client === null) {
    const readiness = await offline(config, options, null);
    if (options.watch)
      throw new KerbsideError('controller-absent', 'No controller runs that could be watched; expected kerbside run.');
    show(context, readiness);
    return codeOf(readiness);
  }
  try {
    return await ask(context, options, config, client);
  } finally {
    client.close();
  }
};

async function connect({ dataDir }: KerbsideConfig): Promise<ControlClient | null> {
  try {
    return await ControlClient.connect(dataDir);
  } catch (error) {
    if (error instanceof KerbsideError && error.kind === 'controller-absent') return null;
    throw error;
  }
}

async function ask(
  context: CliContext,
  options: CheckOptions,
  config: KerbsideConfig,
  client: ControlClient,
): Promise<ExitCode> {
  const judged = new Deferred<null>();
  let status: Status | null = null;
  let tell = (_next: Status): void => undefined;
  const see = (next: Status): void => {
    status = next;
    if (!isOpen(next) || next.checks.length > 0) judged.resolve(null);
    tell(next);
  };
  see(await client.subscribe(see));
  await Promise.race([within(FIRST_CHECKS_MS, judged.promise), client.closed]);
  const first = await readinessOf(status, config, options);
  if (!options.watch) {
    show(context, first);
    return codeOf(first);
  }
  const watcher = new Watcher(context, first);
  tell = (next) => {
    watcher.see(
      isOpen(next) ? live(next) : { ...first, live: false, findings: [], deployment: null, state: next.state },
    );
  };
  await client.closed;
  context.progress('The controller has ended.');
  return codeOf(watcher.last);
}

const isOpen = ({ deployment, state }: Status): boolean => deployment !== null && state !== 'closed';

async function readinessOf(status: Status | null, config: KerbsideConfig, options: CheckOptions): Promise<Readiness> {
  return status !== null && isOpen(status) ? live(status) : offline(config, options, status);
}

const live = (status: Status): Readiness => ({
  live: true,
  controllerRuns: true,
  deployment: status.deployment,
  state: status.state,
  siteCode: status.siteCode,
  operatorId: status.plan?.operatorId ?? null,
  demo: status.demo,
  findings: status.checks,
});

async function offline(
  config: KerbsideConfig,
  { site, operator }: CheckOptions,
  status: Status | null,
): Promise<Readiness> {
  const result = await checkOffline(config, { site, operator }, () => readShelf(config));
  return {
    ...result,
    live: false,
    controllerRuns: status !== null,
    deployment: null,
    state: 'closed',
    operatorId: operator,
  };
}

function show(context: CliContext, readiness: Readiness): void {
  if (context.json) context.printJson(checkDocument(readiness));
  else for (const line of checkLines(readiness, context.color)) context.print(line);
}

/** Nothing judged is nothing good: a camera without its checks is not ready. */
const codeOf = ({ findings }: Readiness): ExitCode => (forbids(findings) ? EXIT.notReady : EXIT.good);

/** On a terminal the whole picture again; for readers of lines what has changed; with --json a document a line. */
class Watcher {
  last: Readiness;

  constructor(
    private readonly context: CliContext,
    first: Readiness,
  ) {
    this.last = first;
    if (context.json) this.#document(first);
    else show(context, first);
  }

  see(next: Readiness): void {
    const before = this.last;
    this.last = next;
    const lines = changedLines(before.findings, next.findings);
    const moved = before.state !== next.state || before.deployment !== next.deployment;
    const redraws = this.context.color && !this.context.json;
    if (redraws) this.context.redraw(checkLines(next, true).join('\n'));
    else if (!moved && lines.length === 0) return;
    else if (this.context.json) this.#document(next);
    else for (const line of [...(moved ? [headline(next)] : []), ...lines]) this.context.print(line);
  }

  #document(readiness: Readiness): void {
    this.context.print(JSON.stringify(checkDocument(readiness)));
  }
}
