import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseInputLine, SimulatedLines } from '../../firmware/drivers/simulated-lines.js';
import { monotonicNs } from '../../src/units.js';
import { connectLines } from '../support/line-client.js';
import { eventually } from '../support/pty.js';

describe('simulated lines', () => {
  let folder: string;
  let path: string;
  let lines: SimulatedLines | null = null;
  const edges: string[] = [];
  const serve = async (at = path): Promise<SimulatedLines> =>
    (lines = await SimulatedLines.serve(at, ['shutter'], (line, value) => edges.push(`${line} ${value}`)));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-lines-'));
    path = join(folder, 'lines.sock');
    edges.length = 0;
  });
  afterEach(async () => {
    await lines?.close();
    lines = null;
    rmSync(folder, { recursive: true });
  });

  it('replaces a socket file that a killed server left behind', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    assert.ok(existsSync(path), 'the stale file is there');
    await serve();
    const client = await connectLines(path);
    await eventually('the state', () => client.heard.length === 1);
    client.close();
  });

  it('refuses a path that another controller serves, and leaves it working', async () => {
    const first = await serve();
    await assert.rejects(
      SimulatedLines.serve(path, [], () => undefined),
      {
        kind: 'line-failed',
        message: `lines.socket: ${path} is served by another program; expected it free`,
      },
    );
    lines = first;
    const client = await connectLines(path);
    client.close();
  });

  it('refuses a path that holds a file, and keeps the file', async () => {
    writeFileSync(path, 'mine');
    await assert.rejects(serve(), { kind: 'line-failed', message: /file of another kind/ });
    assert.ok(existsSync(path));
  });

  it('refuses a folder that does not exist', async () => {
    await assert.rejects(serve(join(folder, 'none', 'lines.sock')), { kind: 'line-failed', message: /cannot be made/ });
  });

  it('takes a message in any chunks, and drops a line without end', async () => {
    await serve();
    const client = await connectLines(path);
    const text = '{"line":"tamper","value":1,"monotonicNs":"5"}\n';
    for (const character of text) client.write(character);
    await eventually('the edge', () => edges.length === 1);
    client.write('y'.repeat(10_000));
    await eventually('the notice', () => client.heard.some(({ notice }) => notice?.includes('longer than') === true));
    client.write(`\n${text}`);
    await eventually('the next edge', () => edges.length === 2);
    client.close();
  });

  it('says it again to nobody when a line is low already', async () => {
    const served = await serve();
    const client = await connectLines(path);
    served.set('shutter', 1, monotonicNs(7));
    served.lowerOutputs();
    served.lowerOutputs();
    served.set('shutter', 1, monotonicNs(8));
    await eventually('the changes', () => client.heard.length === 4);
    assert.deepEqual(
      client.heard.map(({ value }) => value),
      [0, 1, 0, 1],
    );
    client.close();
  });

  it('believes a stated time of the last second only', () => {
    const at = monotonicNs(5e9);
    const stated = (ns: string): unknown =>
      (parseInputLine(`{"line":"ready","value":0,"monotonicNs":"${ns}"}`, at) as { atNs: number }).atNs;
    assert.equal(stated('4900000000'), 4.9e9);
    assert.equal(stated('5000000001'), 5e9);
    assert.equal(stated('3999999999'), 5e9);
    assert.equal(stated('-1'), 5e9);
  });

  it('never throws, whatever a client says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const result = parseInputLine(text, monotonicNs(1));
        if (typeof result !== 'string') assert.ok([0, 1].includes(result.value));
      }),
    );
  });
});
