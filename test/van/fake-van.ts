/** A van whose office is real and whose trigger process is a fake that answers as the controller would. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import type { Finding } from '../../src/deployment/readiness.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import { NO_REFERENCE, type Reference } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';
import type { Input, SessionState } from '../../src/timeline.js';
import { kmh, monotonicNs, type UtcMs } from '../../src/units.js';
import { loadConfig } from '../../firmware/config/load.js';
import { ControlServer } from '../../firmware/control/server.js';
import type { ControlQuestion } from '../../firmware/control/messages.js';
import { Office } from '../../firmware/office/office.js';
import type { Status } from '../../firmware/office/status.js';
import type { Planned } from '../../firmware/van/plan-request.js';
import type { Patience } from '../../firmware/van/session-desk.js';
import type { Shelved } from '../../firmware/van/shelf.js';
import { Van, type VanOptions } from '../../firmware/van/van.js';
import { sampleContext } from '../evidence/samples.js';
import { makeVan, type FakeTrigger } from '../office/fakes.js';
import { sampleStart } from '../store/samples.js';
import { outsideSite } from '../support/outside-site.js';

export const FORK = 'TF-1';

export const site = (changes: Record<string, unknown> = {}): Site => toSite(siteSchema.parse(outsideSite(changes)));

export const reference = (changes: Partial<Reference> = {}): Reference => ({
  ...NO_REFERENCE,
  operators: [{ id: 'OP1', name: 'Demo Operator One', trainedOn: '2026-02-01', validUntil: '2027-01-31' }],
  certificates: [
    {
      kind: 'fork',
      number: 'CC-1',
      subject: FORK,
      issuer: 'DEMO',
      issuedOn: '2026-01-01',
      validUntil: null,
      forkKmh: kmh(80),
    },
  ],
  ...changes,
});

export const OPEN = {
  type: 'open',
  site: '7421',
  operator: 'OP1',
  lanes: ['L1', 'L2'],
  heading: 'increasing',
  lateralM: 5.25,
  vehicle: 'DEMO1',
} as const satisfies ControlQuestion;

export const finding = (id: string, status: Finding['status'], changes: Partial<Finding> = {}): Finding => ({
  id,
  rule: 'DEP-3',
  title: `Title of ${id}`,
  force: 'mandatory',
  source: 'gps',
  status,
  value: 12,
  unit: 'm',
  limit: 15,
  ageMs: 400,
  sentence: `Sentence of ${id}.`,
  ...changes,
});

/** Obeys as the controller does, in a few lines; a test that wants another controller replaces `onInput`. */
export class FakeSession {
  findings: Finding[] = [finding('van-moved', 'pass'), finding('visible', 'fail', { force: 'attestable' })];
  forkPasses = true;
  state: SessionState = 'closed';

  constructor(readonly trigger: FakeTrigger) {}

  begin(): void {
    this.trigger.say({ type: 'started' });
    this.judge();
  }

  readonly onInput = (input: Input): void => {
    if (input.type === 'attest') this.attest(input.attestation.check, input.attestation.given);
    else if (input.type === 'fork-test') this.tested('fork', this.forkPasses, input.fork);
    else if (input.type === 'command' && input.command === 'self-test') this.tested('radar', true, null);
    else if (input.type === 'command' && input.command === 'start') this.start();
    else if (input.type === 'command' && input.command === 'suspend') this.move('suspended');
  };

  judge(): void {
    this.trigger.put({ type: 'checks', atNs: monotonicNs(1e9), findings: this.findings });
    const failing = this.findings.some(({ status }) => status === 'fail');
    this.move(failing ? 'checking' : 'ready');
  }

  fire(icn: string): void {
    this.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
  }

  private attest(check: string, given: boolean): void {
    this.findings = this.findings.map((each) =>
      each.id === check ? { ...each, status: given ? 'pass' : 'fail' } : each,
    );
    this.event('attestation', check, `Title of ${check}: OP1 says ${given ? 'yes' : 'no'}.`, { given });
    this.judge();
  }

  private tested(test: string, passed: boolean, subject: string | null): void {
    this.event('test', test, `Test of ${test}: 80.10 km/h, expected 80 km/h.`, { passed, subject });
  }

  private start(): void {
    if (this.state === 'ready') this.move('enforcing');
    else {
      const sentence = `Start: the state is ${this.state}, expected ready.`;
      this.trigger.put({ type: 'notice', atNs: monotonicNs(1e9), level: 'warning', code: 'start-refused', sentence });
    }
  }

  private move(state: SessionState): void {
    this.state = state;
    const reasons = this.findings
      .filter(({ status }) => status === 'fail')
      .map(({ id, sentence }) => ({ code: id, sentence }));
    this.trigger.put({ type: 'state', atNs: monotonicNs(1e9), state, reasons });
  }

  private event(type: DeploymentEvent['type'], code: string, sentence: string, detail: Record<string, unknown>): void {
    const event = { type, atNs: monotonicNs(1e9), utcMs: null, by: 'OP1', code, sentence, detail };
    this.trigger.put({ type: 'event', event });
  }
}

export class DemoVan {
  readonly root = mkdtempSync(join(tmpdir(), 'kerbside-van-'));
  readonly configFile = join(this.root, 'kerbside.yaml');
  readonly referenceFolder = join(this.root, 'data', 'reference');
  readonly opened: Planned[] = [];
  readonly said: string[] = [];
  shelved: Shelved = { sites: [site(), site({ code: '7422', road: 'Other Road' })], reference: reference() };
  session!: FakeSession;
  trigger!: FakeTrigger;
  van: Van | null = null;
  control: ControlServer | null = null;
  oldestUnexportedUtcMs: UtcMs | null = null;
  settle: () => Promise<void> = () => Promise.resolve();
  /** Replaced by a test to refuse the opening. */
  beforeOpen: () => Promise<void> = () => Promise.resolve();

  get status(): Status {
    if (this.van === null) throw new Error('not started');
    return this.van.status;
  }

  get dataDir(): string {
    return join(this.root, 'data');
  }

  constructor(changes: Record<string, unknown> = {}) {
    mkdirSync(this.referenceFolder, { recursive: true });
    const config = {
      camera: { id: 'SC-014' },
      dataDir: this.dataDir,
      radar: { protocol: 'agd350', port: '/dev/none' },
      mounting: {},
      gps: {},
      forks: [FORK],
      lines: { driver: 'simulated', socket: join(this.root, 'lines') },
      images: { folder: join(this.root, 'camera') },
      ...changes,
    };
    writeFileSync(this.configFile, stringify(config));
  }

  /** The packs have changed on the disk. */
  import(shelved: Partial<Shelved>): void {
    this.shelved = { ...this.shelved, ...shelved };
    writeFileSync(join(this.referenceFolder, `pack-${String(process.hrtime.bigint())}`), 'pack');
  }

  async start(patience: Partial<Patience> = { changeMs: 1000 }): Promise<Van> {
    const config = loadConfig(this.configFile);
    const { parts } = makeVan(this.root);
    const { clock } = parts;
    const say = { progress: (text: string) => this.said.push(text), warn: (text: string) => this.said.push(text) };
    const startSession: VanOptions['startSession'] = async (planned, { reference: packs }) => {
      await this.beforeOpen();
      this.opened.push(planned);
      const { parts: fresh, trigger } = makeVan(this.root);
      this.trigger = trigger;
      const session = new FakeSession(trigger);
      this.session = session;
      trigger.onStart = () => {
        session.begin();
      };
      trigger.onInput = session.onInput;
      const controller = { ...fresh.controller, ...planned, reference: packs };
      return Office.start({ ...fresh, controller, say });
    };
    const van = new Van({
      config,
      identity: { camera: 'SC-014', demo: true, software: sampleContext.software, zone: 'Pacific/Auckland' },
      clock,
      say,
      shelf: { folder: this.referenceFolder, load: () => Promise.resolve(this.shelved), everyMs: 20 },
      settle: () => this.settle(),
      oldestUnexported: async () => this.oldestUnexportedUtcMs,
      startSession,
      patience,
    });
    this.van = van;
    this.control = await ControlServer.start(this.dataDir, van, { changeEveryMs: 10 });
    await van.begin();
    return van;
  }

  async dispose(): Promise<void> {
    await this.van?.close().catch(() => undefined);
    await this.control?.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}
