/** `kerbside version`: which software this is, in words that two vans can compare. */
import { EXIT } from '../../../src/errors.js';
import { softwareIdentity } from '../../config/software.js';
import type { CommandAction } from '../context.js';

export const showVersion: CommandAction<object> = (context) => {
  const identity = softwareIdentity();
  if (context.json) context.printJson(identity);
  else {
    context.print(`kerbside ${identity.version}`);
    context.print(`commit   ${identity.commit ?? 'unknown: not a checkout'}`);
    context.print(`software sha256 ${identity.sha256}, over ${String(identity.files)} installed files`);
    context.print(`runs on  Node ${identity.node.slice(1)}, ${identity.platform}`);
  }
  return Promise.resolve(EXIT.good);
};
