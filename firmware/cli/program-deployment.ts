/** What is told of past deployments. */
import type { Command } from 'commander';
import { examples, type Bind } from './bind.js';

/** @param noun `deployment`, which other files add verbs to */
export function addDeploymentCommands(noun: Command, bind: Bind): void {
  noun
    .command('list')
    .description('every deployment with its site, operator, times, state and images')
    .addHelpText('after', examples('kerbside deployment list', 'kerbside deployment list --json'))
    .action(
      bind(
        async () => (await import('./commands/deployment-list.js')).listDeployments,
        () => ({}),
      ),
    );
  noun
    .command('register')
    .description('the register of a deployment, from its signed records; exit 5 if one is missing or altered')
    .argument('[number]', 'deployment, six digits (default: the last one)')
    .option('--pdf <file>', 'write it as a PDF to print and sign')
    .option(
      '--root <file>',
      "PEM certificate of a root that you trust beside the camera's own key, may be repeated",
      collect,
    )
    .addHelpText(
      'after',
      examples('kerbside deployment register', 'kerbside deployment register 000123 --pdf 000123.pdf'),
    )
    .action(
      bind(
        async () => (await import('./commands/deployment-register.js')).showRegister,
        (own, words) => ({
          deployment: words[0] ?? null,
          pdfFile: (own['pdf'] as string | undefined) ?? null,
          rootFiles: (own['root'] as string[] | undefined) ?? [],
        }),
      ),
    );
}

/** Without a default, which the help would print as []. */
const collect = (file: string, before: readonly string[] = []): string[] => [...before, file];
