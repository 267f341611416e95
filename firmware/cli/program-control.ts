/** The commands that speak to a running controller: `kerbside check` and the working half of `kerbside deployment`. */
import { InvalidArgumentError, type Command } from 'commander';
import { SELF_TESTS, type SelfTestName } from '../../src/deployment/plan.js';
import { bindless, examples, textOf, type Bind } from './bind.js';

export function addCheck(program: Command, bind: Bind): void {
  program
    .command('check')
    .description(
      'every readiness check with value, unit and limit, failing ones first; exit 3 if a mandatory one fails',
    )
    .option('--watch', 'go on and show each change', false)
    .option('--site <code>', 'while nothing is open: what is known of this site of the imported packs')
    .option('--operator <id>', 'while nothing is open: what is known of this operator')
    .addHelpText('after', examples('kerbside check', 'kerbside check --watch', 'kerbside check --site 7421 --json'))
    .action(
      bind(
        async () => (await import('./commands/check.js')).check,
        (own) => ({ watch: own['watch'] === true, site: textOf(own, 'site'), operator: textOf(own, 'operator') }),
      ),
    );
}

/** @param noun `deployment`, which other files add verbs to */
export function addDeploymentControl(noun: Command, bind: Bind): void {
  addOpen(noun, bind);
  addClose(noun, bind);
  addStatus(noun, bind);
  addStartAndSuspend(noun, bind);
  addAttest(noun, bind);
  addTest(noun, bind);
}

function addOpen(noun: Command, bind: Bind): void {
  noun
    .command('open')
    .description('begin a deployment at a site of the imported packs, and wait until the camera is ready')
    .requiredOption('--site <code>', 'site code')
    .requiredOption('--operator <id>', 'id of the operator (OPR-1)')
    .requiredOption('--lanes <ids>', 'lanes to be monitored, e.g. 1,2', list)
    .requiredOption('--heading <way>', 'in which the van faces along the site: increasing or decreasing', heading)
    .requiredOption('--lateral <metres>', 'from the antenna to the centre of the nearest lane (DEP-4)', metresNumber)
    .option('--private-land <occupier>', 'the van stands on private land with the permission of this person (DEP-6)')
    .option('--weather <text>', 'for the register')
    .option('--vehicle <registration>', 'of the van (default: vehicle in the configuration)')
    .option(
      '--attest <checks>',
      'vouch for these checks, e.g. safety,parking, or for all that can be vouched for',
      list,
    )
    .option('--start', 'begin to enforce once ready', false)
    .option('--no-wait', 'do not wait until the camera is ready')
    .addHelpText(
      'after',
      examples(
        'kerbside deployment open --site 7421 --operator Q1234 --lanes 1,2 --heading increasing --lateral 5.2',
        'kerbside deployment open --site 7421 --operator Q1234 --lanes 1 --heading decreasing --lateral 5.2 --attest all --start',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/deployment-open.js')).openDeployment,
        (own) => ({
          site: String(own['site']),
          operator: String(own['operator']),
          lanes: own['lanes'] as string[],
          heading: own['heading'] as 'increasing' | 'decreasing',
          lateralM: own['lateral'] as number,
          occupier: textOf(own, 'privateLand'),
          weather: textOf(own, 'weather'),
          vehicle: textOf(own, 'vehicle'),
          attest: (own['attest'] as string[] | undefined) ?? [],
          start: own['start'] === true,
          wait: own['wait'] !== false,
        }),
      ),
    );
}

function addClose(noun: Command, bind: Bind): void {
  noun
    .command('close')
    .description('end the deployment in order: last photo and tests, every number concluded, all evidence written')
    .option(
      '--without-end-test',
      'although the forks were not tested since the last exposure: that puts it in doubt',
      false,
    )
    .addHelpText('after', examples('kerbside deployment close', 'kerbside deployment close --without-end-test'))
    .action(
      bind(
        async () => (await import('./commands/deployment.js')).closeDeployment,
        (own) => ({ withoutEndTest: own['withoutEndTest'] === true }),
      ),
    );
}

function addStatus(noun: Command, bind: Bind): void {
  noun
    .command('status')
    .description('what is open, where, by whom, in which state and why')
    .addHelpText('after', examples('kerbside deployment status', 'kerbside deployment status --json'))
    .action(bind(async () => (await import('./commands/deployment.js')).showStatus, bindless));
}

function addStartAndSuspend(noun: Command, bind: Bind): void {
  noun
    .command('start')
    .description('begin to enforce; only from ready, or after a suspend of your own')
    .addHelpText('after', examples('kerbside deployment start'))
    .action(bind(async () => (await import('./commands/deployment.js')).startEnforcing, bindless));
  noun
    .command('suspend')
    .description('stop enforcing until kerbside deployment start')
    .addHelpText('after', examples('kerbside deployment suspend'))
    .action(bind(async () => (await import('./commands/deployment.js')).suspendEnforcing, bindless));
}

function addAttest(noun: Command, bind: Bind): void {
  noun
    .command('attest')
    .description('vouch by name for a check that no instrument can make; it stands in the register')
    .argument(
      '<check>',
      'safety, parking, visibility, straightness; where it is not wired tailgate-by-eye, park-lights-by-eye',
    )
    .option('--by <operator>', 'id of the operator who vouches (default: the one of the deployment)')
    .option('--statement <text>', 'in your words', '')
    .option('--withdraw', 'it does not hold any more', false)
    .addHelpText(
      'after',
      examples(
        "kerbside deployment attest visibility --statement 'plain view, 200 m both ways'",
        'kerbside deployment attest parking --withdraw',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/deployment.js')).attestCheck,
        (own, words) => ({
          check: words[0] ?? '',
          by: textOf(own, 'by'),
          statement: String(own['statement']),
          withdraw: own['withdraw'] === true,
        }),
      ),
    );
}

function addTest(noun: Command, bind: Bind): void {
  noun
    .command('test')
    .description('test the equipment and wait for the outcome; exit 3 when it fails')
    .argument('<what>', 'fork, radar or alignment', testName)
    .argument('[serial]', 'of the fork')
    .addHelpText(
      'after',
      examples(
        'kerbside deployment test fork TF-0102',
        'kerbside deployment test radar',
        'kerbside deployment test alignment',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/deployment.js')).testEquipment,
        (_own, words) => ({
          test: words[0] as SelfTestName,
          fork: words[1] ?? null,
        }),
      ),
    );
}

function list(text: string): string[] {
  const names = text.split(',').map((each) => each.trim());
  if (names.some((each) => each === ''))
    throw new InvalidArgumentError('Expected names with a comma between, e.g. 1,2.');
  return names;
}

function heading(text: string): string {
  if (text !== 'increasing' && text !== 'decreasing')
    throw new InvalidArgumentError('Expected increasing or decreasing.');
  return text;
}

function metresNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 1 && value <= 30)) throw new InvalidArgumentError('Expected 1 to 30 metres.');
  return value;
}

function testName(text: string): string {
  if (!(SELF_TESTS as readonly string[]).includes(text)) {
    throw new InvalidArgumentError(`Expected one of ${SELF_TESTS.join(', ')}.`);
  }
  return text;
}
