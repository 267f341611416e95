/**
 * What an operator does before the camera may enforce, done as he would do it: through the control socket of the running
 * controller. He opens the deployment, vouches, holds the fork in the beam, waits for ready and turns the arm key.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { KerbsideError } from '../../../src/errors.js';
import { ControlClient } from '../../control/client.js';
import type { Status } from '../../office/status.js';

type PretendWorld = typeof import('../../../hw-sim/index.js');
type Van = Awaited<ReturnType<PretendWorld['Van']['start']>>;
type Scenario = ReturnType<PretendWorld['loadScenario']>;

export interface FlowParts {
  readonly world: PretendWorld;
  readonly scenario: Scenario;
  readonly van: Van;
  readonly dataDir: string;
  readonly stop: AbortSignal;
  /** Tells what the operator does. */
  readonly say: (sentence: string) => void;
  /** The controller that does not get so far stalls. */
  readonly withinMs: number;
}

const LOOK_EVERY_MS = 200;
const TAKE_UP_FORK_MS = 500;
/** What is still missing when the fork is taken up, and when the key is turned. */
const BEFORE_FORK = new Set(['fork-test', 'alignment-photo', 'arm-key']);
const BEFORE_KEY = new Set(['arm-key']);

/** @throws KerbsideError as the controller words it, or 'controller-silent' when it never gets so far */
export async function openAsOperator(parts: FlowParts): Promise<void> {
  const { withinMs } = parts;
  const deadline = performance.now() + withinMs;
  const client = await connect(parts, deadline);
  try {
    const { world, scenario, van, say } = parts;
    const { site, van: place } = scenario.file;
    const { operatorId, fork, forkKmh } = world.CREW;
    await client.ask(
      {
        type: 'open',
        site: site.code,
        operator: operatorId,
        lanes: site.lanes.filter(({ monitored }) => monitored).map(({ id }) => id),
        heading: place.heading,
        lateralM: place.lateralM,
        weather: 'pretended, fine',
      },
      withinMs,
    );
    say(`opens a deployment at site ${site.code}`);
    const { checks } = await client.ask({ type: 'status' });
    for (const { id, force, status, title } of checks) {
      if (force !== 'attestable' || status !== 'fail') continue;
      await client.ask({ type: 'attest', check: id, operator: operatorId, statement: 'DEMO' });
      say(`vouches: ${title}`);
    }
    await until(parts, client, deadline, missesOnly(BEFORE_FORK));
    const { passed, sentence } = await forkInBeam(van, forkKmh, () =>
      client.ask({ type: 'test', test: 'fork', fork }, withinMs),
    );
    say(sentence);
    if (!passed) throw new KerbsideError('test-failed', `The fork test failed: ${sentence}`);
    await until(parts, client, deadline, missesOnly(BEFORE_KEY));
    van.turnArmKey(true);
    say('turns the arm key');
  } finally {
    client.close();
  }
}

/** The end test, so that nothing is left in doubt. */
export async function testAsOperator({ world, van, dataDir, say, withinMs }: FlowParts): Promise<void> {
  const client = await ControlClient.connect(dataDir);
  try {
    const { fork, forkKmh } = world.CREW;
    const { sentence } = await forkInBeam(van, forkKmh, () =>
      client.ask({ type: 'test', test: 'fork', fork }, withinMs),
    );
    say(sentence);
  } finally {
    client.close();
  }
}

/** First the test, then the fork: what rings before would be measured as a vehicle. */
async function forkInBeam<Outcome>(van: Van, forkKmh: number, test: () => Promise<Outcome>): Promise<Outcome> {
  const outcome = test();
  try {
    await Promise.race([outcome, sleep(TAKE_UP_FORK_MS)]);
    van.holdFork(forkKmh);
    return await outcome;
  } finally {
    van.holdFork(null);
  }
}

const missesOnly =
  (codes: ReadonlySet<string>) =>
  ({ reasons }: Status): boolean =>
    reasons.every(({ code }) => codes.has(code));

async function connect({ dataDir, stop }: FlowParts, deadline: number): Promise<ControlClient> {
  for (;;) {
    try {
      return await ControlClient.connect(dataDir);
    } catch (error) {
      if (stop.aborted || performance.now() > deadline) throw error;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

async function until(
  { stop }: FlowParts,
  client: ControlClient,
  deadline: number,
  holds: (status: Status) => boolean,
): Promise<void> {
  for (;;) {
    const status = await client.ask({ type: 'status' });
    if (holds(status)) return;
    const why = status.reasons.map(({ sentence }) => sentence).join(' ');
    if (stop.aborted || performance.now() > deadline) {
      throw new KerbsideError('controller-silent', `The deployment does not get ready; state ${status.state}: ${why}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}
