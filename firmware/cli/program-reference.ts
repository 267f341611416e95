/** The nouns of signed reference data: `site`, `certificate`, `operator`, each with import, list, show and sign. */
import type { Command } from 'commander';
import { KerbsideError } from '../../src/errors.js';
import type { PackKind } from '../../src/site/reference.js';
import { examples, type Bind } from './bind.js';
import type { CommandAction } from './context.js';
import type { ListOptions, ShowOptions } from './commands/reference-show.js';

interface Noun {
  readonly name: string;
  readonly description: string;
  readonly kinds: readonly PackKind[];
  /** Name of the argument of `show`, and what it is. */
  readonly subject: readonly [name: string, description: string];
  readonly example: string;
  readonly pack: string;
  readonly issuer: string;
  readonly list: () => Promise<CommandAction<ListOptions>>;
  readonly show: () => Promise<CommandAction<ShowOptions>>;
}

const NOUNS: readonly Noun[] = [
  {
    name: 'site',
    description: 'approved sites, school calendars and the bulletin of deployments, as PIB issues them',
    kinds: ['sites', 'calendar', 'bulletin'],
    subject: ['code', 'site code'],
    example: 'DEMO-0001',
    pack: 'sites',
    issuer: 'pib',
    list: async () => (await import('./commands/reference-show.js')).listSites,
    show: async () => (await import('./commands/reference-show.js')).showSite,
  },
  {
    name: 'certificate',
    description: 'certificates of accuracy, repairs and approved types, as calibration services issue them',
    kinds: ['certificates'],
    subject: ['name', 'number of a certificate, its camera, radar, fork or site, or an approved model'],
    example: 'SC-014',
    pack: 'certificates',
    issuer: 'calibration',
    list: async () => (await import('./commands/reference-show.js')).listCertificates,
    show: async () => (await import('./commands/reference-show.js')).showCertificate,
  },
  {
    name: 'operator',
    description: 'certified operators and vehicles of the police, as PIB issues them',
    kinds: ['operators'],
    subject: ['id', 'id of an operator, or registration of a vehicle'],
    example: 'DEMO-OP-1',
    pack: 'operators',
    issuer: 'pib',
    list: async () => (await import('./commands/reference-show.js')).listOperators,
    show: async () => (await import('./commands/reference-show.js')).showOperator,
  },
];

export function addReference(program: Command, bind: Bind): void {
  for (const noun of NOUNS) {
    const command = program.command(noun.name).description(noun.description);
    addImport(command, bind, noun);
    addList(command, bind, noun);
    addShow(command, bind, noun);
    addSign(command, bind, noun);
  }
}

function addImport(command: Command, bind: Bind, { name, kinds, pack }: Noun): void {
  command
    .command('import')
    .description(`take a signed pack into force (${kinds.join(', ')}); exit 5 if it is not genuine, 6 if it is older`)
    .argument('<file>', 'the pack, as its issuer signed it')
    .addHelpText('after', examples(`kerbside ${name} import /media/update/${pack}.pack`))
    .action(
      bind(
        async () => (await import('./commands/reference-packs.js')).importFile,
        (_own, words) => ({ file: words[0] ?? '', kinds }),
      ),
    );
}

function addList(command: Command, bind: Bind, { name, kinds, list }: Noun): void {
  command
    .command('list')
    .description('what the packs in force say, who issued them and what expires when; exit 5 if one was altered')
    .option('--packs', 'only the packs themselves', false)
    .addHelpText('after', examples(`kerbside ${name} list`, `kerbside ${name} list --packs --json`))
    .action(bind(list, (own) => ({ kinds, packs: own['packs'] === true })));
}

function addShow(command: Command, bind: Bind, { name, subject, example, show }: Noun): void {
  command
    .command('show')
    .description(`one ${name} with all that is known about it`)
    .argument(`<${subject[0]}>`, subject[1])
    .addHelpText('after', examples(`kerbside ${name} show ${example}`))
    .action(bind(show, (_own, words) => ({ name: words[0] ?? '' })));
}

function addSign(command: Command, bind: Bind, { name, kinds, pack, issuer }: Noun): void {
  command
    .command('sign')
    .description("the issuer's side: check the content of a pack and sign it")
    .argument('<content>', `YAML or JSON (${kinds.join(', ')}), see docs/packs.md`)
    .option('--issuer <folder>', `folder with the issuer's key, from kerbside key create --issuer ${issuer}`)
    .option('--demo', 'sign with the built-in DEMO issuer, whose key is public', false)
    .option('--out <file>', 'where to write it (default: beside the content, with the ending .pack)')
    .addHelpText(
      'after',
      examples(
        `kerbside ${name} sign ${pack}.yaml --issuer /media/safe --out ${pack}-12.pack`,
        `kerbside ${name} sign ${pack}.yaml --demo`,
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/reference-packs.js')).signContent,
        (own, words) => ({
          content: words[0] ?? '',
          kinds,
          issuer: issuerOption(own),
          out: (own['out'] as string | undefined) ?? null,
        }),
      ),
    );
}

/** Exactly one of the two: nobody must find out later that he signed as a DEMO. */
function issuerOption(own: Readonly<Record<string, unknown>>): string | null {
  const folder = own['issuer'] as string | undefined;
  if ((folder === undefined) === (own['demo'] === true)) return folder ?? null;
  const found = folder === undefined ? 'neither --issuer nor --demo was given' : '--issuer and --demo were both given';
  throw new KerbsideError('usage', `${found}, expected one of them.`);
}
