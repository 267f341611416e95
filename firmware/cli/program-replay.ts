/** `kerbside replay`: the black box read again. */
import { InvalidArgumentError, type Command } from 'commander';
import { examples, textOf, type Bind } from './bind.js';

export function addReplay(program: Command, bind: Bind): void {
  program
    .command('replay')
    .description('feed a recording to this software and compare what it decides, byte for byte; explain one decision')
    .argument('<recording>', 'a file recording.kbr, or the folder of a deployment')
    .option('--until <time>', 'only up to here: seconds, h:mm:ss, or an instant with its zone')
    .option('--icn <number>', 'explain the decision behind this number in sentences')
    .option('--pass <id>', 'the same for a pass, photographed or not', wholeNumber)
    .option('--life <n>', 'of the controllers that ran in the deployment, the one whose --pass it is', wholeNumber)
    .option('--plot <file.svg>', 'draw that pass: readings, cluster, threshold, trigger, strobe')
    .option('--strict', 'another version that decides differently is an error, too', false)
    .addHelpText(
      'after',
      examples(
        'kerbside replay /var/lib/kerbside/evidence/000123',
        'kerbside replay evidence/000123/recording.kbr --icn 000123007 --plot why.svg',
        'kerbside replay evidence/000123/recording.kbr --until 1:30:00 --json',
      ),
    )
    .action(
      bind(
        async () => (await import('./commands/replay.js')).replay,
        (own, words) => ({
          path: words[0] ?? '',
          until: textOf(own, 'until'),
          icn: textOf(own, 'icn'),
          pass: (own['pass'] as number | undefined) ?? null,
          life: (own['life'] as number | undefined) ?? null,
          plot: textOf(own, 'plot'),
          strict: own['strict'] === true,
        }),
      ),
    );
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 on.');
}
