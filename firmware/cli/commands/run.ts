/**
 * `kerbside run`: the controller, until SIGINT or SIGTERM closes its deployment. A session that was closed in order is a
 * good end (exit 0), whoever asked for it; a second signal does not wait any longer.
 */
import { EXIT, KerbsideError } from '../../../src/errors.js';
import { loadConfig, loadSite } from '../../config/load.js';
import { startKerbside, type RunningKerbside } from '../../main.js';
import type { CommandAction } from '../context.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @throws KerbsideError with the exit code of whatever keeps the session from beginning or going on */
export const run: CommandAction<object> = async (context) => {
  const config = loadConfig(context.configPath);
  if (config.siteFile === undefined) {
    throw new KerbsideError(
      'config-invalid',
      'Configuration siteFile is missing; kerbside run needs the site to open.',
    );
  }
  const site = loadSite(config.siteFile);
  const asked = new Asked();
  try {
    const kerbside = await startKerbside({ config, site, demo: false, say: context });
    await untilEnd(kerbside, asked);
    context.progress('The session is closed; all evidence is written.');
    return EXIT.good;
  } finally {
    asked.stop();
  }
};

async function untilEnd(kerbside: RunningKerbside, asked: Asked): Promise<void> {
  try {
    await Promise.race([asked.first, kerbside.fatal]);
    await Promise.race([kerbside.close(), asked.second, kerbside.fatal]);
  } catch (error) {
    await kerbside.abort();
    throw error;
  }
}

/** Signals as promises. */
class Asked {
  readonly first: Promise<void>;
  /** Rejects: the person does not want to wait for the orderly end. */
  readonly second: Promise<never>;
  stop: () => void = () => undefined;

  constructor() {
    let count = 0;
    let onFirst: () => void = () => undefined;
    let onSecond: (error: Error) => void = () => undefined;
    this.first = new Promise((resolve) => {
      onFirst = resolve;
    });
    this.second = new Promise((_, reject) => {
      onSecond = reject;
    });
    this.second.catch(() => undefined);
    const listener = (): void => {
      count += 1;
      if (count === 1) onFirst();
      else
        onSecond(
          new KerbsideError('interrupted', 'Interrupted before the session was closed; the next start finishes it.'),
        );
    };
    for (const signal of SIGNALS) process.on(signal, listener);
    this.stop = () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    };
  }
}
