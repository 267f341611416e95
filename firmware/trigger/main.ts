/** Program of the trigger process, forked by the office (`messages.ts`). */
import { EXIT } from '../../src/errors.js';
import { complain, runTrigger } from './run-trigger.js';

if (process.send === undefined) {
  complain('started by hand; it is a part of `kerbside run` and is started by it');
  process.exitCode = EXIT.usage;
} else {
  runTrigger(new URL('../../src/controller.js', import.meta.url).href);
}
