/**
 * The NBD server as a process of its own: whoever waits for the file system on this disk waits for the server, so the two
 * must never be the same process. Argument: path of the socket.
 */
import { readFileSync } from 'node:fs';
import { ForgetfulDisk } from './forgetful-disk.js';
import { NbdServer } from './nbd-server.js';
import { random } from './random.js';

export type ToNbd =
  /** A disk with the content of this file. */
  | { readonly type: 'insert'; readonly image: string }
  /** `keptShare` of the sectors that are not flushed then survive: 0 none, 0.5 a half. */
  | { readonly type: 'plan-cut'; readonly write: number; readonly keptShare: number; readonly seed: number }
  | { readonly type: 'cut-now' }
  | { readonly type: 'revive' };

/** Each message is answered, when it is carried out, with the writes since the last plan; a cut is told at once. */
export type FromNbd = { readonly type: 'done'; readonly writes: number } | { readonly type: 'cut' };

const [socketPath = ''] = process.argv.slice(2);
let disk = new ForgetfulDisk(Buffer.alloc(512));
const say = (message: FromNbd): void => void process.send?.(message);
const server = new NbdServer(socketPath, disk, () => say({ type: 'cut' }));

process.on('message', (message: ToNbd) => {
  if (message.type === 'insert') server.insert((disk = new ForgetfulDisk(readFileSync(message.image))));
  else if (message.type === 'plan-cut') {
    const { write, keptShare, seed } = message;
    const draw = random(seed);
    server.planCut({ write, survives: () => draw() < keptShare });
  } else if (message.type === 'cut-now') server.cutNow();
  else disk.revive();
  say({ type: 'done', writes: server.writes });
});
process.on('disconnect', () => process.exit());
