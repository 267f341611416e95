/**
 * A van for the storage rigs: the real office, the real workshop in the same process, real SQLite and real files. Only the
 * trigger process is played, by a script that follows the same rules as the controller: an image is concluded under the
 * number that waits for it, or under a fresh one as unmatched; a duplicate is dropped.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers';
import type { ImageArrival, Input, Output } from '../../src/timeline.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import type { ChildEvents, StartChild } from '../../firmware/office/child.js';
import type { OfficeParts } from '../../firmware/office/parts.js';
import type { FromTrigger, ToTrigger } from '../../firmware/trigger/messages.js';
import type { FromWorkshop, ToWorkshop } from '../../firmware/workshop/messages.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { sampleContext } from '../evidence/samples.js';
import { Workshop } from '../../firmware/workshop/workshop.js';
import { CONTROLLER } from '../office/fakes.js';
import { jsonEncoder } from '../recording/samples.js';
import { RANGE } from '../store/samples.js';
import type { Acknowledge } from './acknowledgements.js';

/** The trigger process, played: it hears what the controller hears and says what a script says. */
export class ScriptedTrigger {
  onLease: (icns: readonly string[]) => void = () => undefined;
  onImage: (image: ImageArrival) => void = () => undefined;
  #events: ChildEvents<FromTrigger> | null = null;

  readonly start: StartChild<ToTrigger, FromTrigger> = (events) => {
    this.#events = events;
    return {
      send: (message) => {
        // A number counts as handed over when the office lets go of it, not when it is heard.
        if (message.type === 'input' && message.input.type === 'lease') this.onLease(message.input.icns);
        nextTurn(() => this.#take(message));
        return true;
      },
      kill: () => this.#end('signal SIGKILL'),
    };
  };

  put(...outputs: Output[]): void {
    this.#say({ type: 'outputs', outputs });
  }

  #take(message: ToTrigger): void {
    if (message.type === 'start') this.#say({ type: 'started' });
    else if (message.type === 'stop') this.#end('exit code 0');
    else this.#hear(message.input);
  }

  #hear(input: Input): void {
    if (input.type === 'image') this.onImage(input.image);
    else if (input.type === 'command' && input.command === 'close') {
      this.put({ type: 'closed', atNs: monotonicNs(9e9) });
    }
  }

  #say(message: FromTrigger): void {
    this.#events?.onMessage(structuredClone(message));
  }

  #end(detail: string): void {
    const events = this.#events;
    this.#events = null;
    events?.onExit(detail);
  }
}

/** Quick, so that a session takes some ten milliseconds; an image that stays incomplete is given up late. */
const WATCH = { quietMs: 5, incompleteAfterMs: 2000, rescanMs: 10 };

/** @param onForgotten told when the camera's file may go, before it goes */
function workshopInProcess(onForgotten: (sha256: string) => void): StartChild<ToWorkshop, FromWorkshop> {
  return (events) => {
    let alive = true;
    const workshop = new Workshop((message) => {
      nextTurn(() => {
        if (!alive) return;
        events.onMessage(structuredClone(message));
        if (message.type === 'stopped') end('exit code 0');
      });
    }, WATCH);
    const end = (detail: string): void => {
      if (!alive) return;
      alive = false;
      events.onExit(detail);
    };
    return {
      send: (message) => {
        if (message.type === 'forget-image') onForgotten(message.sha256);
        const copy = structuredClone(message);
        nextTurn(() => {
          if (alive) workshop.handle(copy);
        });
        return true;
      },
      kill: () => {
        workshop.handle({ type: 'stop' });
        end('signal SIGKILL');
      },
    };
  };
}

export interface VanFolders {
  readonly dataDir: string;
  readonly spool: string;
}

export const foldersIn = (root: string): VanFolders => ({ dataDir: join(root, 'data'), spool: join(root, 'camera') });

/**
 * Everything that an office is made of, on the folders below `root`.
 * @param keys a folder with the demo key: a key is created by a person, not by a session
 */
export function vanParts(root: string, keys: string, trigger: ScriptedTrigger, acknowledge: Acknowledge): OfficeParts {
  const { dataDir, spool } = foldersIn(root);
  let tick = 1e9;
  const clock = {
    monotonicNs: () => monotonicNs((tick += 1e6)),
    utcMs: () => utcMs(1_790_000_000_000 + tick / 1e6),
  };
  return {
    dataDir,
    range: RANGE,
    imageFolder: spool,
    controller: CONTROLLER,
    port: { path: '/dev/radar', baudRate: 921_600, parity: 'odd' },
    lines: { driver: 'simulated', socket: join(root, 'lines') },
    software: sampleContext.software,
    keys: { folder: keys, check: () => openSigner(keys, { demo: true }).then(() => undefined) },
    certificates: [],
    who: 'rig',
    clock,
    clockInput: () => ({
      type: 'clock',
      atNs: clock.monotonicNs(),
      utcMs: clock.utcMs(),
      disciplined: false,
      uncertaintyMs: null,
    }),
    startTrigger: trigger.start,
    startWorkshop: workshopInProcess((sha256) => acknowledge({ type: 'forgotten', sha256 })),
    startPosition: () => ({ stop: () => undefined }),
    recording: { partMb: 32, keepMb: 4096, encoder: jsonEncoder() },
    say: { progress: () => undefined, warn: () => undefined },
    timing: {
      closeMs: 2000,
      drainMs: 2000,
      stopMs: 1000,
      retryMs: 2,
      restartMs: [1],
      clockEveryMs: 60_000,
      silentMs: 60_000,
      sealMs: 60_000,
    },
  };
}
