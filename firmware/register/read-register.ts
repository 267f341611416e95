/** The register of one deployment out of a data folder, whether a controller runs on it or not. Changes nothing. */
import { join } from 'node:path';
import { makeRegister } from '../../src/deployment/register.js';
import type { Register } from '../../src/deployment/register-shape.js';
import { KerbsideError } from '../../src/errors.js';
import { certificatesIn } from '../keys/pem.js';
import { keyPaths, readKeyFile } from '../keys/key-files.js';
import { readDeployments, readStoryOf } from '../store/deployment-reader.js';
import { deploymentsOnDisk, listDeploymentItems } from '../store/evidence-files.js';
import { hasStore, readOldestUnexported } from '../store/reader.js';
import { readRoots } from '../verify/roots.js';
import { readStory } from './sealed-story.js';

export interface RegisterRequest {
  readonly dataDir: string;
  readonly keysFolder: string;
  /** Six digits; null: the last one. */
  readonly deployment: string | null;
  readonly rootFiles: readonly string[];
  readonly nowMs: number;
}

/** @throws KerbsideError 'deployment-unknown', 'store-failed', 'store-schema', 'evidence-damaged', 'key-unusable' */
export async function readRegister(request: RegisterRequest): Promise<Register> {
  const { dataDir, keysFolder, rootFiles, nowMs } = request;
  const deployment = await chosen(request);
  const own = ownCertificates(keysFolder);
  const kept = hasStore(dataDir) ? await readStoryOf(dataDir, deployment) : null;
  const roots = [...readRoots(rootFiles).map(({ der }) => der), ...own.roots];
  const folder = join(dataDir, 'evidence', deployment);
  const story = await readStory({ folder, deployment, roots, own: own.certificates, sealed: kept?.sealed ?? null });
  const items = await listDeploymentItems(dataDir, deployment);
  const exposures = items.map(({ exposure }) => exposure);
  const { events, account, records, signer, fingerprint, findings } = story;
  const all = events.length === 0 ? [...findings, `${folder} holds no event record that can be read.`] : findings;
  return makeRegister({
    ...{ deployment, events, account, exposures },
    doubts: items.flatMap(({ doubts }) => doubts),
    passes: kept?.passes ?? null,
    oldestUnexportedUtcMs: hasStore(dataDir) ? await readOldestUnexported(dataDir, Number(deployment)) : undefined,
    signature: {
      ...{ signer, fingerprint, records, findings: all },
      verified: all.length === 0,
      madeAt: new Date(nowMs).toISOString(),
    },
  });
}

async function chosen({ dataDir, deployment }: RegisterRequest): Promise<string> {
  const known = hasStore(dataDir)
    ? (await readDeployments(dataDir)).map(({ number }) => number)
    : await deploymentsOnDisk(dataDir);
  const last = known.at(-1);
  if (last === undefined) throw unknown(`${dataDir} holds no deployment yet`);
  if (deployment === null) return last;
  const printed = /^\d{1,6}$/.test(deployment) ? deployment.padStart(6, '0') : deployment;
  if (known.includes(printed)) return printed;
  throw unknown(`Deployment ${deployment} is not in ${dataDir}, expected one of ${known.slice(-5).join(', ')}`);
}

const unknown = (clause: string): KerbsideError =>
  new KerbsideError('deployment-unknown', `${clause}; kerbside deployment list shows which are.`);

/** This camera's own certificate, and the root where it issued it itself. */
function ownCertificates(folder: string): { readonly certificates: Uint8Array[]; readonly roots: Uint8Array[] } {
  const paths = keyPaths(folder, 'device');
  const read = (path: string): Uint8Array[] => {
    const bytes = readKeyFile(path);
    return bytes === null ? [] : certificatesIn(bytes);
  };
  return { certificates: read(paths.certificates).slice(0, 1), roots: read(paths.root) };
}
