/**
 * The trigger process on its IPC channel (serialization 'advanced'). It ends on `stop`, or when the office is gone. SIGINT
 * and SIGTERM are the office's business: it closes the deployment first and then says `stop`, so they are ignored here.
 */
import type { ExitCode } from '../../src/errors.js';
import type { FromTrigger, ToTrigger } from './messages.js';
import { TriggerProcess } from './trigger-process.js';

/** The channel may be clogged or gone: the end comes after this all the same. */
const LAST_WORD_MS = 500;

export const complain = (sentence: string): void => void process.stderr.write(`trigger: ${sentence}\n`);

/** @param controllerUrl module that exports `createController` */
export function runTrigger(controllerUrl: string): void {
  const trigger = new TriggerProcess({
    send: (message: FromTrigger, written) => {
      if (process.connected) process.send?.(message, undefined, undefined, written);
    },
    end,
    complain,
    workerUrl: new URL('./worker.js', import.meta.url),
    controllerUrl,
  });
  process.on('message', (message) => trigger.take(message as ToTrigger));
  process.on('disconnect', () => trigger.stop());
  process.on('uncaughtException', (error) => trigger.fail(error));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

/**
 * The last message must be out before the end. `force`: a thread hangs in the kernel, where `process.exit` would wait for
 * it for ever; only a kill ends such a process.
 */
function end(code: ExitCode, force: boolean): void {
  const leave = (): void => {
    if (force) process.kill(process.pid, 'SIGKILL');
    process.exit(code);
  };
  setTimeout(leave, LAST_WORD_MS);
  if (process.connected) process.send?.({ type: 'stopped' } satisfies FromTrigger, leave);
  else leave();
}
