/** Program of the workshop process, forked by the office (`messages.ts`). It runs at idle priority (processes.md). */
import { constants, setPriority } from 'node:os';
import { EXIT } from '../../src/errors.js';
import type { FromWorkshop, ToWorkshop } from './messages.js';
import { Workshop } from './workshop.js';

function beModest(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A kernel that refuses it only makes the workshop compete on equal terms.
  }
}

function serve(): void {
  beModest();
  const post = (message: FromWorkshop): void => {
    // The office may be gone before the last word; it finds everything on the disk at its next start.
    if (!process.connected) return;
    process.send?.(message, undefined, {}, () => {
      if (message.type === 'stopped' && process.connected) process.disconnect();
    });
  };
  const workshop = new Workshop(post);
  process.on('message', (message) => {
    workshop.handle(message as ToWorkshop);
  });
  process.on('disconnect', () => {
    process.exit();
  });
  post({ type: 'started' });
}

if (process.send === undefined) {
  process.stderr.write('The workshop was started by hand; it is a part of `kerbside run` and is started by it.\n');
  process.exitCode = EXIT.usage;
} else {
  serve();
}
