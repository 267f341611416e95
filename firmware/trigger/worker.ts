/**
 * The trigger's one worker thread: makes the controller, warms it up and runs the loop until it is told to stop. It never
 * returns to its event loop meanwhile: messages are taken by `receiveMessageOnPort`, sleeps are waits on a shared word
 * that the main thread notifies. No native add-on may be loaded here (serialport and onoff crash in worker threads).
 */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import type { createController } from '../../src/controller.js';
import { KerbsideError } from '../../src/errors.js';
import { nowNs } from '../drivers/clock.js';
import { openFileLine, reportingLine, type ClosableLine } from '../drivers/output-lines.js';
import { TtyLink } from '../drivers/tty-link.js';
import { TriggerLoop } from './loop.js';
import type { FromLoop, ToLoop, WorkerLine, WorkerStart } from './thread-messages.js';
import { Rehearsal, warmUpConfig } from './warm-up.js';

/**
 * The controller itself refuses to enforce on a silent radar long before; this opens a port anew whose driver hangs. An
 * AGD sends heartbeats unless they were switched off; an OPS243 may have nothing to say for hours.
 */
const SILENCE_NS = { agd350: 60e9, ops243: Number.POSITIVE_INFINITY } as const;

const start = workerData as WorkerStart;
const port = requirePort();
const post = (message: FromLoop): void => port.postMessage(message);

function requirePort(): MessagePort {
  if (parentPort === null) throw new Error('trigger worker: started as a program; expected to be a thread');
  return parentPort;
}

function openLine(line: WorkerLine): ClosableLine {
  const { name, path } = line;
  if (path !== null) return openFileLine(name, path);
  return reportingLine(name, (value) => post({ type: 'line', line: name, value, atNs: nowNs() }));
}

async function runLoop(): Promise<void> {
  const wake = new Int32Array(start.wake);
  let seen = Atomics.load(wake, 0);
  const controllers = (await import(start.controllerUrl)) as { createController: typeof createController };
  const lines = start.lines.map(openLine);
  const dummies = controllers.createController(warmUpConfig(start.config));
  const rehearsal = new Rehearsal(dummies, start.config.radar.protocol);
  const loop = new TriggerLoop({
    controller: controllers.createController(start.config),
    lines,
    now: nowNs,
    take: () => {
      // Read before looking, so that a message posted in between is never slept through.
      seen = Atomics.load(wake, 0);
      return (receiveMessageOnPort(port) as { message: ToLoop } | undefined)?.message;
    },
    post,
    sleep: (milliseconds) => void Atomics.wait(wake, 0, seen, milliseconds),
    openLink: (devicePath) => new TtyLink(devicePath),
    rehearse: () => rehearsal.step(),
    silenceNs: SILENCE_NS[start.config.radar.protocol],
  });
  rehearsal.warmUp();
  post({ type: 'warm' });
  loop.run();
  for (const line of lines) line.close();
}

try {
  await runLoop();
  post({ type: 'stopped' });
} catch (error) {
  if (!(error instanceof KerbsideError)) throw error;
  post({ type: 'fault', kind: error.kind, sentence: error.message });
}
