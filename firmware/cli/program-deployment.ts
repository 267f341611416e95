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
}
