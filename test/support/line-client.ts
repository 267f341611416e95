/** Plays the van on the socket of simulated lines. */
import { connect } from 'node:net';
import type { SimulatedLineMessage } from '../../src/ports/index.js';

export interface LineClient {
  /** Everything received, parsed. */
  readonly heard: (SimulatedLineMessage & { notice?: string; badLines?: number })[];
  write(text: string): void;
  set(line: string, value: number): void;
  close(): void;
  readonly closed: Promise<void>;
}

export async function connectLines(path: string): Promise<LineClient> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const heard: LineClient['heard'] = [];
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) heard.push(JSON.parse(part) as LineClient['heard'][number]);
  });
  return {
    heard,
    write: (text) => void socket.write(text),
    set: (line, value) =>
      void socket.write(`${JSON.stringify({ line, value, monotonicNs: String(process.hrtime.bigint()) })}\n`),
    close: () => void socket.destroy(),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}
