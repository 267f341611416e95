/** `kerbside deployment close|status|start|suspend|attest|test`: one question to the running controller each. */
import { EXIT, KerbsideError } from '../../../src/errors.js';
import type { SelfTestName } from '../../../src/deployment/plan.js';
import { loadConfig } from '../../config/load.js';
import { ControlClient } from '../../control/client.js';
import type { CliContext, CommandAction } from '../context.js';
import { statusDocument, statusWords } from '../deployment-status-view.js';

/** Last photo, tests, images that are still due, and what the workshop has left. */
const CLOSE_MS = 150_000;
/** The controller gives a fork a minute to be held in the beam, a photo its retries. */
const TEST_MS = 100_000;

/** @throws KerbsideError 'controller-absent' (exit 75) where none runs */
export async function withController<T>(context: CliContext, use: (client: ControlClient) => Promise<T>): Promise<T> {
  const client = await ControlClient.connect(loadConfig(context.configPath).dataDir);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

export const closeDeployment: CommandAction<{ readonly withoutEndTest: boolean }> = (context, { withoutEndTest }) =>
  withController(context, async (client) => {
    context.progress('Closing: last photo and tests, then every number is concluded …');
    const result = await client.ask({ type: 'close', withoutEndTest }, CLOSE_MS);
    if (context.json) context.printJson(result);
    else context.print(`Deployment ${result.deployment} is closed; all evidence is written.`);
    return EXIT.good;
  });

export const showStatus: CommandAction<object> = (context) =>
  withController(context, async (client) => {
    const status = await client.ask({ type: 'status' });
    if (context.json) context.printJson(statusDocument(status));
    else context.print(statusWords(status));
    return EXIT.good;
  });

export const startEnforcing: CommandAction<object> = (context) => changeState(context, 'start');

export const suspendEnforcing: CommandAction<object> = (context) => changeState(context, 'suspend');

const changeState = (context: CliContext, type: 'start' | 'suspend') =>
  withController(context, async (client) => {
    const result = await client.ask({ type });
    if (context.json) context.printJson(result);
    else context.print(`State: ${result.state}.`);
    return EXIT.good;
  });

export interface AttestOptions {
  readonly check: string;
  readonly by: string | null;
  readonly statement: string;
  readonly withdraw: boolean;
}

export const attestCheck: CommandAction<AttestOptions> = (context, { check, by, statement, withdraw }) =>
  withController(context, async (client) => {
    const result = await client.ask({ type: 'attest', check, operator: by, statement, given: !withdraw });
    if (context.json) context.printJson({ check, given: !withdraw, ...result });
    else context.print(result.sentence);
    return EXIT.good;
  });

export interface TestOptions {
  readonly test: SelfTestName;
  readonly fork: string | null;
}

const WAIT: Readonly<Record<SelfTestName, string>> = {
  fork: 'Strike the fork and hold it in the beam, within a minute …',
  radar: 'The radar tests itself …',
  alignment: 'An alignment photo is taken …',
};

export const testEquipment: CommandAction<TestOptions> = async (context, { test, fork }) => {
  if (test === 'fork' && fork === null) {
    throw new KerbsideError(
      'usage',
      'kerbside deployment test fork: no serial number was given, expected that of the fork.',
    );
  }
  return withController(context, async (client) => {
    context.progress(WAIT[test]);
    const result = await client.ask({ type: 'test', test, fork }, TEST_MS);
    if (context.json) context.printJson(result);
    else if (result.passed) context.print(`Passed. ${result.sentence}`);
    if (result.passed) return EXIT.good;
    throw new KerbsideError('test-failed', `The test failed. ${result.sentence}`);
  });
};
