/**
 * `kerbside run`: the controller. With a site file (bench) it opens that site at once, without one it waits for
 * `kerbside deployment open`. SIGINT or SIGTERM closes what is open. A session that was closed in order is a
 * good end (exit 0), whoever asked for it; a second signal does not wait for the order and leaves the rest to the next
 * start.
 */
import { EXIT, type ExitCode } from '../../../src/errors.js';
import { loadConfig, loadSite } from '../../config/load.js';
import type { KerbsideConfig } from '../../config/schema.js';
import { startKerbside, startVan, type RunningVan } from '../../main.js';
import type { CliContext, CommandAction } from '../context.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @throws KerbsideError with the exit code of whatever keeps the session from beginning or going on */
export const run: CommandAction<object> = async (context) => {
  const config = loadConfig(context.configPath);
  const signals = listenToSignals();
  try {
    const session = start(config, context).then((running) => untilEnd(running, signals.first));
    const code = await Promise.race([session, signals.second.then(() => EXIT.interrupted)]);
    if (code === EXIT.good) context.progress('The session is closed; all evidence is written.');
    else context.warn('Interrupted before the session was closed; the next start brings it to an end.');
    return code;
  } finally {
    signals.stop();
  }
};

function start(config: KerbsideConfig, say: CliContext): Promise<RunningVan> {
  const options = { config, demo: false, say };
  if (config.siteFile === undefined) return startVan(options);
  return startKerbside({ ...options, site: loadSite(config.siteFile) });
}

async function untilEnd(kerbside: RunningVan, asked: Promise<void>): Promise<ExitCode> {
  try {
    await Promise.race([asked, kerbside.closeAsked, kerbside.fatal]);
    await Promise.race([kerbside.close(), kerbside.fatal]);
    return EXIT.good;
  } catch (error) {
    await kerbside.abort();
    throw error;
  }
}

interface Signals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  stop(): void;
}

function listenToSignals(): Signals {
  const waiting: (() => void)[] = [];
  const next = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const listener = (): void => waiting.shift()?.();
  for (const signal of SIGNALS) process.on(signal, listener);
  return {
    first: next(),
    second: next(),
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    },
  };
}
