/** `kerbside deployment list`: reads the data folder, whether a controller runs on it or not, and changes nothing there. */
import { EXIT } from '../../../src/errors.js';
import { loadConfig } from '../../config/load.js';
import { readDeployments } from '../../store/deployment-reader.js';
import type { CommandAction } from '../context.js';
import { deploymentTable, toDeploymentEntry } from '../deployment-view.js';

/** @throws KerbsideError 'store-failed', 'store-schema' */
export const listDeployments: CommandAction<object> = async (context) => {
  const { dataDir } = loadConfig(context.configPath);
  const rows = await readDeployments(dataDir);
  if (context.json) context.printJson(rows.map(toDeploymentEntry));
  else if (rows.length === 0) context.progress(`No deployment in ${dataDir} yet.`);
  else context.print(deploymentTable(rows, context.color));
  return EXIT.good;
};
