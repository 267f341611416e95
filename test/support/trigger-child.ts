/** Plays the office for a forked trigger process: starts it and keeps what it says. */
import { fork, type ChildProcess } from 'node:child_process';
import type { FromTrigger, LineSettings, RadarPortSettings, ToTrigger } from '../../firmware/trigger/messages.js';
import type { ControllerConfig } from '../../src/controller-config.js';
import type { Input } from '../../src/timeline.js';
import { eventually, stdioWithoutPtys } from './pty.js';

export interface TriggerChild {
  readonly child: ChildProcess;
  readonly said: FromTrigger[];
  readonly stderr: () => string;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  send(message: ToTrigger): void;
  input(input: Input): void;
  /** Sentences of all notices with this code, so far. */
  notices(code: string): string[];
  until(type: FromTrigger['type']): Promise<FromTrigger>;
}

export interface TriggerSetting {
  readonly program: URL;
  readonly config: ControllerConfig;
  readonly port: RadarPortSettings;
  readonly lines: LineSettings;
}

export function startTrigger(setting: TriggerSetting): TriggerChild {
  const child = fork(setting.program, {
    serialization: 'advanced',
    stdio: stdioWithoutPtys(['ignore', 'ignore', 'pipe', 'ipc']),
  });
  const said: FromTrigger[] = [];
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.on('message', (message) => said.push(message as FromTrigger));
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  const send = (message: ToTrigger): void => void child.send(message);
  send({ type: 'start', config: setting.config, port: setting.port, lines: setting.lines });
  return {
    child,
    said,
    stderr: () => errors,
    exited,
    send,
    input: (input) => send({ type: 'input', input }),
    notices: (code) =>
      said
        .flatMap((message) => (message.type === 'outputs' ? message.outputs : []))
        .flatMap((output) => (output.type === 'notice' && output.code === code ? [output.sentence] : [])),
    until: (type) => eventually(`message ${type}; stderr: ${errors}`, () => said.find((one) => one.type === type)),
  };
}
