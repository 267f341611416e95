/**
 * `kerbside deployment register`: the story of one deployment out of its signed records. What is missing or altered is
 * said, and the exit code says it, too.
 */
import { EXIT, KerbsideError } from '../../../src/errors.js';
import { keysFolder, loadConfig } from '../../config/load.js';
import { readRegister } from '../../register/read-register.js';
import { registerPdf } from '../../register/register-pdf.js';
import type { CommandAction } from '../context.js';
import { registerText } from '../register-view.js';
import { writeWhole } from '../write-whole.js';

export interface RegisterOptions {
  /** Null: the last one. */
  readonly deployment: string | null;
  readonly pdfFile: string | null;
  readonly rootFiles: readonly string[];
}

/** @throws KerbsideError 'deployment-unknown', 'store-failed', 'store-schema', 'key-unusable', 'usage' */
export const showRegister: CommandAction<RegisterOptions> = async (context, { deployment, pdfFile, rootFiles }) => {
  if (deployment !== null && !/^\d{1,6}$/.test(deployment)) {
    throw new KerbsideError(
      'usage',
      `deployment register: found ${deployment}, expected the number of a deployment, six digits.`,
    );
  }
  const config = loadConfig(context.configPath);
  const { dataDir } = config;
  const register = await readRegister({
    dataDir,
    keysFolder: keysFolder(config),
    deployment,
    rootFiles,
    nowMs: Date.now(),
  });
  if (pdfFile !== null) {
    await writeWhole(pdfFile, await registerPdf(register), '--pdf');
    context.progress(`Register of deployment ${register.deployment} written to ${pdfFile}.`);
  }
  if (context.json) context.printJson(register);
  else if (pdfFile === null) context.print(registerText(register, context.color));
  const { verified, findings } = register.signature;
  if (!verified) for (const finding of findings) context.warn(finding);
  return verified ? EXIT.good : EXIT.integrity;
};
