/**
 * `kerbside evidence verify`: what a stranger runs on files that he was given. Reads no configuration and asks no
 * network; nothing is changed.
 */
import { EXIT } from '../../../src/errors.js';
import { verify } from '../../verify/verify.js';
import type { CommandAction } from '../context.js';
import { verifyJson, verifyLines } from '../verify-view.js';

export interface VerifyOptions {
  readonly paths: readonly string[];
  readonly rootFiles: readonly string[];
}

/** @throws KerbsideError 'evidence-missing', 'key-unusable' */
export const verifyEvidence: CommandAction<VerifyOptions> = async (context, { paths, rootFiles }) => {
  const { stderr } = process;
  // isTTY is undefined, not false, on a pipe.
  const draws = [stderr].every(({ isTTY }) => isTTY) && !context.quiet;
  const verification = await verify(
    { paths, rootFiles },
    {
      draw: draws ? (text) => void stderr.write(text) : null,
      line: (text) => context.progress(text),
      nowMs: () => performance.now(),
    },
  );
  if (context.json) for (const line of verifyJson(verification)) context.print(line);
  else context.print(verifyLines(verification, context.color).join('\n'));
  return verification.verified ? EXIT.good : EXIT.integrity;
};
