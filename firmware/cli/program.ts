/**
 * The command line as a tree of nouns and verbs (contract, "Command line"). Each command's code is loaded only when it
 * is called: `kerbside version` starts fast, and the pretend road is loaded by nothing but `simulate`.
 */
import { Argument, Command, InvalidArgumentError } from 'commander';
import { EXIT, KerbsideError, type ExitCode } from '../../src/errors.js';
import { ISSUER_KINDS, type IssuerKind } from '../../src/site/packs/head.js';
import { examples, type Bind } from './bind.js';
import { completionScript, completionTable, SHELLS, type Shell } from './completion.js';
import { makeContext, reportFailure, type GlobalOptions, type Terminal } from './frame.js';
import { addCheck, addDeploymentControl } from './program-control.js';
import { addDeploymentCommands } from './program-deployment.js';
import { addReference } from './program-reference.js';
import { addReplay } from './program-replay.js';

/**
 * Runs one command line. Never throws.
 * @param words what follows `kerbside`
 */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.good;
  const program = buildProgram(terminal, (result) => {
    code = result;
  });
  try {
    refuseUnknown(program, words);
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(terminal, error);
  }
}

type Finish = (code: ExitCode) => void;

function buildProgram(terminal: Terminal, finish: Finish): Command {
  const program = new Command('kerbside')
    .description('Controller of a mobile safe speed camera')
    .option('--config <file>', 'configuration file (else ./kerbside.yaml, else /etc/kerbside/kerbside.yaml)')
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .option('--no-color', 'no colours')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: () => undefined, // the frame says it in one sentence
      getOutHasColors: () => terminal.showsColor,
    })
    .exitOverride();
  const bind: Bind =
    (load, toOptions, ownsSignals) =>
    async (...args) => {
      // commander appends the options and the command itself to the words
      const command = args.at(-1) as Command;
      const words = args
        .slice(0, -2)
        .flat()
        .filter((word) => word !== undefined)
        .map(String);
      const context = makeContext(terminal, command.optsWithGlobals<GlobalOptions>());
      if (ownsSignals) terminal.ownSignals();
      const action = await load();
      finish(await action(context, toOptions(command.opts(), words)));
    };
  addRunning(program, bind);
  addCheck(program, bind);
  const deployment = program.command('deployment').description('one session at one site, and its register');
  addDeploymentControl(deployment, bind);
  addDeploymentCommands(deployment, bind);
  addConfig(program, bind);
  addEvidence(program, bind);
  addKey(program, bind);
  addReference(program, bind);
  addReplay(program, bind);
  addVersion(program, bind);
  addCompletion(program, terminal);
  return program.addHelpText('after', EXIT_CODES);
}

const EXIT_CODES = `
Exit codes: 0 good, 1 usage, 2 configuration or input invalid, 3 not ready, 4 device missing, 5 evidence integrity,
6 not permitted, 10 a simulation gave a wrong answer, 11 it stalled, 70 internal error, 75 try again, 130 interrupted.`;

function addRunning(program: Command, bind: Bind): void {
  program
    .command('run')
    .description(
      'run the controller; waits for kerbside deployment open, or opens siteFile at once (bench); closes on SIGINT or SIGTERM',
    )
    .addHelpText('after', examples('kerbside run --config docs/examples/kerbside.yaml'))
    .action(
      bind(
        async () => (await import('./commands/run.js')).run,
        () => ({}),
        'owns-signals',
      ),
    );
  program
    .command('simulate')
    .description('a pretend road and van with the same controller; everything it makes is marked DEMO')
    .requiredOption('--scenario <name|file>', 'a scenario by name, or a scenario file')
    .option('--seed <n>', 'the whole world follows from it (default: the one of the scenario)', wholeNumber)
    .option('--data-dir <folder>', 'folder to make for everything (default: a new one under ./kerbside-demo)')
    .option('--console-port <port>', 'of the status page (default: 8080, or any other where that is taken)', portNumber)
    .option('--virtual', 'as fast as it can, instead of in real time; nothing is signed', false)
    .option('--hours <h>', 'how long, in hours of virtual time (default: the one of the scenario)', hoursOf)
    .option('--minimise <file>', 'virtual time: shrink what goes wrong to a short scenario, written to this file')
    .addHelpText(
      'after',
      examples(
        'kerbside simulate --scenario drive-past',
        'kerbside simulate --scenario busy-road --virtual --hours 10',
        'kerbside simulate --scenario lying-world --virtual --seed 7 --json',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/simulate.js')).simulate,
        (own) => ({
          scenario: String(own['scenario']),
          seed: (own['seed'] as number | undefined) ?? null,
          virtual: own['virtual'] === true,
          hours: (own['hours'] as number | undefined) ?? null,
          dataDir: (own['dataDir'] as string | undefined) ?? null,
          minimise: (own['minimise'] as string | undefined) ?? null,
          consolePort: (own['consolePort'] as number | undefined) ?? null,
        }),
        'owns-signals',
      ),
    );
}

function addConfig(program: Command, bind: Bind): void {
  const noun = program.command('config').description('the configuration file kerbside.yaml');
  noun
    .command('check')
    .description('validate the configuration and its site file: every problem at once')
    .addHelpText('after', examples('kerbside config check --config /etc/kerbside/kerbside.yaml'))
    .action(
      bind(
        async () => (await import('./commands/config.js')).checkConfig,
        () => ({}),
      ),
    );
  noun
    .command('show')
    .description('the effective configuration and where each value comes from')
    .addHelpText('after', examples('kerbside config show', 'kerbside config show --json'))
    .action(
      bind(
        async () => (await import('./commands/config.js')).showConfig,
        () => ({}),
      ),
    );
  noun
    .command('schema')
    .description('JSON Schema of the configuration, for editors')
    .addHelpText('after', examples('kerbside config schema > kerbside.schema.json'))
    .action(
      bind(
        async () => (await import('./commands/config.js')).printSchema,
        () => ({}),
      ),
    );
}

function addEvidence(program: Command, bind: Bind): void {
  const noun = program.command('evidence').description('what was photographed, and every number that was not');
  noun
    .command('list')
    .description('every ICN with its kind, reason, speed, place and files')
    .addHelpText('after', examples('kerbside evidence list', 'kerbside evidence list --json'))
    .action(
      bind(
        async () => (await import('./commands/evidence.js')).listEvidence,
        () => ({}),
      ),
    );
  noun
    .command('show')
    .description('one ICN with its whole story')
    .argument('<icn>', 'Incident Control Number, nine digits')
    .addHelpText('after', examples('kerbside evidence show 000001002'))
    .action(
      bind(
        async () => (await import('./commands/evidence.js')).showEvidence,
        (_own, words) => ({ icn: words[0] ?? '' }),
      ),
    );
  noun
    .command('recover')
    .description("write the camera's original file, byte for byte, out of the sealed image")
    .argument('<icn>', 'Incident Control Number, nine digits')
    .option('--output <file>', 'where to write it (default: ICN.original.jpg in this folder)')
    .option('--force', 'write over a file that is there', false)
    .addHelpText('after', examples('kerbside evidence recover 000001002 --output original.jpg'))
    .action(
      bind(
        async () => (await import('./commands/evidence.js')).recoverEvidence,
        (own, words) => ({
          icn: words[0] ?? '',
          output: (own['output'] as string | undefined) ?? null,
          force: own['force'] === true,
        }),
      ),
    );
  addVerify(noun, bind);
}

function addKey(program: Command, bind: Bind): void {
  const noun = program.command('key').description('the key that evidence is sealed with, and its certificates');
  noun
    .command('create')
    .description('make a key on this device, with a certificate of its own so that it can seal at once')
    .option('--organisation <name>', 'organisation in the certificate', 'Kerbside')
    .option('--issuer <kind>', 'instead: the keys of an issuer of packs, pib or calibration', issuerKind)
    .option('--folder <folder>', "with --issuer: folder of the issuer's keys")
    .addHelpText(
      'after',
      examples(
        'kerbside key create',
        "kerbside key create --organisation 'Example Authority'",
        "kerbside key create --issuer pib --folder /media/safe --organisation 'Example Bureau'",
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/key.js')).createAnyKey,
        (own) => ({
          organisation: String(own['organisation']),
          issuer: (own['issuer'] as IssuerKind | undefined) ?? null,
          folder: (own['folder'] as string | undefined) ?? null,
        }),
      ),
    );
  noun
    .command('request')
    .description('a certificate request (PKCS #10) for an agency to sign')
    .option('--organisation <name>', 'organisation in the certificate (default: that of the certificate in use)')
    .option('--output <file>', 'where to write it (default: stdout)')
    .addHelpText('after', examples('kerbside key request --output SC-014.csr'))
    .action(
      bind(
        async () => (await import('./commands/key.js')).requestForKey,
        (own) => ({
          organisation: (own['organisation'] as string | undefined) ?? null,
          output: (own['output'] as string | undefined) ?? null,
        }),
      ),
    );
  noun
    .command('install')
    .description('use the certificate that an agency issued; the one before it is kept')
    .argument('<file>', "PEM chain, the camera's certificate first")
    .addHelpText('after', examples('kerbside key install SC-014.crt'))
    .action(
      bind(
        async () => (await import('./commands/key.js')).installCertificate,
        (_own, words) => ({ file: words[0] ?? '' }),
      ),
    );
  noun
    .command('show')
    .description('certificates, validity and fingerprints; never the key')
    .addHelpText('after', examples('kerbside key show --json'))
    .action(
      bind(
        async () => (await import('./commands/key.js')).showKey,
        () => ({}),
      ),
    );
}

function addVerify(noun: Command, bind: Bind): void {
  noun
    .command('verify')
    .description(
      'check exhibits: record, signature, image, chain; offline, without a configuration; exit 5 if any fails',
    )
    .argument('<path...>', 'file of an exhibit, folder, data folder or export')
    .option(
      '--root <file>',
      'PEM certificate of a root that you trust, may be repeated (DEMO is built in)',
      collectFiles,
    )
    .addHelpText(
      'after',
      examples(
        'kerbside evidence verify 000001002.jpg --root agency-root.pem',
        'kerbside evidence verify /media/export --json',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/verify.js')).verifyEvidence,
        (own, words) => ({ paths: words, rootFiles: (own['root'] as string[] | undefined) ?? [] }),
      ),
    );
}

/** Without a default, which the help would print as []. */
const collectFiles = (file: string, before: readonly string[] = []): string[] => [...before, file];

function addVersion(program: Command, bind: Bind): void {
  program
    .command('version')
    .description('which software this is: version, commit and checksum of the code')
    .addHelpText('after', examples('kerbside version --json'))
    .action(
      bind(
        async () => (await import('./commands/version.js')).showVersion,
        () => ({}),
      ),
    );
}

/** The one command that needs the table of all the others. */
function addCompletion(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .description('print the script that lets a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'the shell that completes').choices(SHELLS))
    .addHelpText(
      'after',
      examples('source <(kerbside completion bash)', 'kerbside completion zsh > ~/.zfunc/_kerbside'),
    )
    .action((shell: Shell) => {
      terminal.out(completionScript(completionTable(program), shell));
    });
}

function issuerKind(text: string): IssuerKind {
  const kind = ISSUER_KINDS.find((each) => each === text);
  if (kind === undefined) throw new InvalidArgumentError(`Expected ${ISSUER_KINDS.join(' or ')}.`);
  return kind;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  }
  return Number(text);
}

function hoursOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0.01 && value <= 800)) {
    throw new InvalidArgumentError('Expected hours from 0.01 to 800.');
  }
  return value;
}

/** A wrong noun or verb gets the list of the right ones, which commander's own message does not give. */
function refuseUnknown(program: Command, words: readonly string[]): void {
  if (words.some((word) => word === '--help' || word === '-h')) return;
  const { operands, unknown } = program.parseOptions([...words]);
  const [noun, verb] = operands;
  if (noun === 'help') return;
  const nouns = program.commands.map((command) => command.name());
  if (noun === undefined) {
    if (unknown.length > 0) return; // commander names the option
    throw new KerbsideError('usage', `no command was given, expected one of ${nouns.join(', ')}.`);
  }
  const command = program.commands.find((each) => each.name() === noun);
  if (!command) {
    throw new KerbsideError('usage', `${noun} is no known command, expected one of ${nouns.join(', ')}.`);
  }
  const verbs = command.commands.map((each) => each.name());
  if (verbs.length === 0 || verb === 'help' || (verb !== undefined && verbs.includes(verb))) return;
  const found = verb === undefined ? 'no verb was given' : `${verb} is no known verb`;
  throw new KerbsideError('usage', `kerbside ${noun}: ${found}, expected one of ${verbs.join(', ')}.`);
}

/** All commands as people type them, for the manual's own test. */
export function commandNames(): string[] {
  const silent: Terminal = {
    out: () => undefined,
    err: () => undefined,
    showsColor: false,
    env: {},
    ownSignals: () => undefined,
  };
  const program = buildProgram(silent, () => undefined);
  return program.commands.flatMap((noun) =>
    noun.commands.length === 0 ? [noun.name()] : noun.commands.map((verb) => `${noun.name()} ${verb.name()}`),
  );
}
