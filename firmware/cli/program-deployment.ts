/** The noun `deployment`: one camera, one site, one session. */
import type { Command } from 'commander';
import { examples, type Bind } from './program-frame.js';

export function addDeploymentCommands(program: Command, bind: Bind): void {
  const noun = program.command('deployment').description('one session at one site, and its register');
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
