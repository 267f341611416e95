/** `kerbside key create --issuer`: the keys of those who issue packs, on their own machine; no configuration is needed. */
import { resolve } from 'node:path';
import { EXIT } from '../../../src/errors.js';
import { ISSUER_NAMES, type IssuerKind } from '../../../src/site/packs/head.js';
import type { Profile } from '../../keys/profile.js';
import { createIssuer } from '../../reference/issuer-key.js';
import type { CommandAction } from '../context.js';

export interface IssuerOptions {
  readonly issuer: IssuerKind;
  readonly folder: string;
  readonly organisation: string;
}

/** @throws KerbsideError 'usage', 'key-unusable', 'disk-full', 'store-failed' */
export const createIssuerKey: CommandAction<IssuerOptions> = async (context, { issuer, folder, organisation }) => {
  const { paths, certificate, root, newRoot } = await createIssuer(resolve(folder), issuer, organisation, Date.now());
  if (context.json) {
    context.printJson({
      issuer,
      ...paths,
      newRoot,
      certificate: describe(certificate),
      rootCertificate: describe(root),
    });
  } else {
    if (newRoot)
      context.print(`A new root of ${ISSUER_NAMES[issuer]} lies in ${paths.root}, its key in ${paths.rootKey}.`);
    else context.print(`The root in ${paths.root} was kept.`);
    context.print(`The key that signs lies in ${paths.key}, valid until ${dayOf(certificate.notAfterMs)}.`);
    context.print(`Fingerprint of the root (SHA-256): ${root.sha256}`);
  }
  context.progress(`Next: give ${paths.root} to the vans (trust.${issuer}) and put the root's key into a safe.`);
  return EXIT.good;
};

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const describe = ({ subject, issuer, notBeforeMs, notAfterMs, sha256 }: Profile): Record<string, unknown> => ({
  ...{ subject, issuer, sha256 },
  notBefore: new Date(notBeforeMs).toISOString(),
  notAfter: new Date(notAfterMs).toISOString(),
});
