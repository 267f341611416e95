import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicNs, utcMs } from '../../src/units.js';
import { startConsole, type RunningConsole } from '../../firmware/console/server.js';
import { StatusBoard, type Status } from '../../firmware/office/status.js';
import { VanBoard } from '../../firmware/van/van-board.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { CONTROLLER } from '../office/fakes.js';
import { finding } from '../van/fake-van.js';
import { sampleContext } from '../evidence/samples.js';
import { sampleExposure, samplePass } from '../store/samples.js';

const ICN = '000001001';

describe('Status page', () => {
  let folder = '';
  let board: StatusBoard;
  let page: RunningConsole;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kerbside-console-'));
    await writeFile(join(folder, 'sealed.jpg'), 'the sealed image');
    board = new StatusBoard({
      camera: 'SC-014',
      siteCode: '4711',
      road: 'Marine Parade',
      zone: 'Pacific/Auckland',
      limitKmh: 50,
      demo: true,
      software: sampleContext.software,
      eventCounter: null,
    });
    const started = await startConsole({
      host: '127.0.0.1',
      port: 0,
      board,
      imagePath: (icn) => Promise.resolve(icn === ICN ? join(folder, 'sealed.jpg') : null),
    });
    assert.ok(typeof started !== 'string');
    page = started;
  });
  afterEach(async () => {
    await page.stop();
    await rm(folder, { recursive: true });
  });

  /** As it goes over the wire: fetch would tidy up the path. */
  const raw = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(page.url);
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      sent.on('error', reject);
      sent.end();
    });

  it('shows a van with nothing open: closed, and the sites where a deployment may be opened', async () => {
    const closed = new VanBoard({
      camera: 'SC-014',
      demo: true,
      software: sampleContext.software,
      zone: 'Pacific/Auckland',
    });
    closed.shelved({ sites: [CONTROLLER.site], reference: NO_REFERENCE });
    const shown = await startConsole({
      host: '127.0.0.1',
      port: 0,
      board: closed,
      imagePath: () => Promise.resolve(null),
    });
    assert.ok(typeof shown !== 'string');
    try {
      const status = (await (await fetch(`${shown.url}status.json`)).json()) as Status;
      assert.deepEqual([status.state, status.siteCode, status.deployment, status.checks], ['closed', null, null, []]);
      assert.deepEqual(status.sites, [{ code: '4711', road: 'Marine Parade', locality: 'Napier', limitKmh: 50 }]);
      assert.match(await (await fetch(shown.url)).text(), /"state":"closed"/);
    } finally {
      await shown.stop();
    }
  });

  it('tells all checks as the controller judged them', async () => {
    board.checks([finding('van-moved', 'fail')]);
    const { body } = await raw('/status.json');
    assert.deepEqual(
      (JSON.parse(body) as Status).checks.map(({ id, status, value, limit }) => [id, status, value, limit]),
      [['van-moved', 'fail', 12, 15]],
    );
  });

  it('shows one page that loads nothing from elsewhere, and forbids it', async () => {
    const { status, headers, body } = await raw('/');
    assert.equal(status, 200);
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*script-src 'nonce-/);
    assert.doesNotMatch(body, /(src|href)\s*=\s*"https?:|@import|url\(/);
    const nonce = /nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';
    assert.ok(body.includes(`<script nonce="${nonce}">`));
    assert.notEqual((await raw('/')).body, body);
  });

  it('carries the status of the moment, and no text of the session can break out of it', async () => {
    const sentence = 'Site </script><script>alert(1)</script>';
    board.notice({ utcMs: utcMs(1), level: 'alarm', code: 'x', sentence });
    const { body } = await raw('/');
    assert.equal(body.includes('<script>alert'), false);
    const first = /id="first">(.*?)<\/script>/s.exec(body)?.[1] ?? '';
    assert.deepEqual((JSON.parse(first) as { notices: { sentence: string }[] }).notices[0]?.sentence, sentence);
  });

  it('gives the status as JSON', async () => {
    board.deploymentOpened('000001', 3);
    board.pass(samplePass(1));
    board.exposure(sampleExposure(ICN), true);
    const status = JSON.parse((await raw('/status.json')).body) as Record<string, unknown>;
    assert.equal(status['deployment'], '000001');
    assert.equal(status['demo'], true);
    assert.deepEqual([status['software'], status['eventCounter']], [sampleContext.software, 3]);
    assert.deepEqual(status['counts'], { passes: 1, enforced: 0, observed: 1, voided: 0 });
  });

  it('EXP-1: gives the age of the oldest image without export, in JSON and on the page', async () => {
    board.unexported(utcMs(Date.now() - 3 * 86_400_000));
    const { exportAge } = JSON.parse((await raw('/status.json')).body) as { exportAge: Record<string, unknown> };
    assert.equal(exportAge['level'], 'warning');
    assert.match(String(exportAge['sentence']), /3 days 0 hours old; EXP-1 allows 5 days: export it/);
    assert.match((await raw('/')).body, /id="export"/);
  });

  it('sends each change as an event', async () => {
    const controller = new AbortController();
    const response = await fetch(`${page.url}events`, { signal: controller.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    board.state({
      type: 'state',
      atNs: monotonicNs(1),
      state: 'suspended',
      reasons: [{ code: 'position-none', sentence: 'No position.' }],
    });
    let text = '';
    assert.ok(response.body !== null);
    for await (const chunk of response.body) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('"suspended"')) break;
    }
    assert.match(text, /No position\./);
  });

  it('gives the image of a known number and nothing else, whatever the path', async () => {
    const { status, headers, body } = await raw(`/images/${ICN}.jpg`);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'image/jpeg');
    assert.equal(body, 'the sealed image');
    const tricks = [
      '/images/000001002.jpg',
      '/images/../sealed.jpg',
      '/images/%2e%2e/sealed.jpg',
      `/images/..%2f${ICN}.jpg`,
      '/images/1001.jpg',
      `/images/${ICN}.jpg/../../etc/passwd`,
      `/images/${ICN}.record`,
      '/etc/passwd',
      '//etc/passwd',
      '/kerbside.db',
    ];
    for (const path of tricks) assert.equal((await raw(path)).status, 404, path);
  });

  it('only shows: no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) assert.equal((await raw('/', {}, method)).status, 405);
  });

  it('on the loopback it answers to the names of the loopback only (DNS rebinding)', async () => {
    assert.equal((await raw('/status.json', { host: 'evil.example' })).status, 421);
    assert.equal((await raw('/status.json', { host: 'localhost:8080' })).status, 200);
  });

  it('a busy port is one clear sentence and no failure', async () => {
    const { port } = new URL(page.url);
    const second = await startConsole({
      host: '127.0.0.1',
      port: Number(port),
      board,
      imagePath: () => Promise.resolve(null),
    });
    assert.ok(typeof second === 'string');
    assert.match(second, new RegExp(`127\\.0\\.0\\.1:${port} cannot be opened \\(another program uses this port\\)`));
  });

  it('stops although a page is open', async () => {
    const response = await fetch(`${page.url}events`);
    await page.stop();
    await response.text().catch(() => '');
    const again = await startConsole({ host: '127.0.0.1', port: 0, board, imagePath: () => Promise.resolve(null) });
    assert.ok(typeof again !== 'string');
    page = again;
  });
});
