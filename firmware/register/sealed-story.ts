/**
 * The signed records that a register rests on: the events of a deployment and the account of its numbers, each judged as
 * a stranger would judge it (`kerbside evidence verify`), and counted against what the store remembers.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { decodeEventRecord, eventStem, type EventFacts } from '../../src/evidence/event-record.js';
import { decodeDeploymentRecord, type DeploymentFacts } from '../../src/evidence/session-records.js';
import { sentenceOf } from '../../src/evidence/verify/checks.js';
import { checkEvents } from '../../src/evidence/verify/events.js';
import type { ExhibitResult } from '../../src/evidence/verify/exhibit.js';
import { SignatureReader } from '../../src/evidence/verify/signature-reader.js';
import type { PlacedMember } from '../../src/evidence/verify/set-types.js';
import { sealCrypto } from '../keys/crypto.js';
import { profileOf } from '../keys/profile.js';
import { readEvidence } from '../store/evidence-files.js';
import type { ExhibitFiles } from '../verify/collect.js';
import { createJudge } from '../verify/judge.js';

export interface SealedStory {
  readonly events: readonly EventFacts[];
  readonly account: DeploymentFacts | null;
  readonly records: number;
  readonly signer: string | null;
  readonly fingerprint: string | null;
  /** One sentence each; empty when all verify. */
  readonly findings: readonly string[];
}

export interface StoryRequest {
  /** The folder of the deployment. */
  readonly folder: string;
  readonly deployment: string;
  /** DER; who is trusted beside `own`. */
  readonly roots: readonly Uint8Array[];
  /** DER of this camera's own certificates: what they signed needs no root here. */
  readonly own: readonly Uint8Array[];
  /** Numbers of the events that the store has sealed; null: there is no store. */
  readonly sealed: readonly number[] | null;
}

const RECORD = /^(?:event-\d{4,9}|deployment)\.record$/;

export async function readStory(request: StoryRequest): Promise<SealedStory> {
  const { folder } = request;
  const names = (await readdir(folder).catch(() => [])).filter((name) => RECORD.test(name)).sort();
  const judge = createJudge(request.roots);
  const events: EventFacts[] = [];
  const members: PlacedMember[] = [];
  const findings: string[] = [];
  const signers = new Map<string, string>();
  let account: DeploymentFacts | null = null;
  for (const name of names) {
    const files = filesOf(request, name);
    const signer = await signerOf(files.signature);
    if (signer !== null) signers.set(signer.fingerprint, signer.subject);
    const result = judge(files);
    findings.push(...objections(result, name, signer !== null && isOwn(signer.certificate, request.own)));
    if (result.member !== null) members.push({ ...result.member, path: name, chain: folder, relative: name });
    const bytes = await readEvidence(join(folder, name)).catch(() => null);
    try {
      if (bytes !== null && name.startsWith('event-')) events.push(decodeEventRecord(bytes).facts);
      else if (bytes !== null) account = decodeDeploymentRecord(bytes).facts;
    } catch (error) {
      // The judge has said so already, in its own words.
      if (!(error instanceof KerbsideError)) throw error;
    }
  }
  findings.push(...missing(request.sealed, events), ...setFindings(members));
  if (signers.size > 1)
    findings.push(`The records were sealed with ${String(signers.size)} certificates, expected one.`);
  const [fingerprint = null] = signers.keys();
  const [signer = null] = signers.values();
  return { events, account, records: names.length, signer, fingerprint, findings: [...new Set(findings)] };
}

function filesOf({ folder, deployment }: StoryRequest, name: string): ExhibitFiles {
  const stem = name.slice(0, -'.record'.length);
  const [path, p7s] = [join(folder, name), join(folder, `${stem}.p7s`)];
  const signature = existsSync(p7s) ? p7s : null;
  const rest = { image: null, bytes: 0, certificateSha256s: null };
  return { ...rest, name: stem, path, folder: deployment, chain: folder, record: path, signature };
}

function objections({ checks }: ExhibitResult, name: string, isOwnKey: boolean): string[] {
  return checks
    .filter(({ id, status }) => status === 'failed' && !(isOwnKey && id === 'certificate-trusted'))
    .map((check) => `${name}: ${sentenceOf(check)}`);
}

const isOwn = (certificate: Uint8Array, own: readonly Uint8Array[]): boolean =>
  own.some((each) => Buffer.compare(each, certificate) === 0);

async function signerOf(path: string | null) {
  if (path === null) return null;
  try {
    const [certificate] = new SignatureReader().read(await readEvidence(path)).certificates;
    if (certificate === undefined) return null;
    const fingerprint = Buffer.from(sealCrypto.sha256(certificate)).toString('hex');
    return { certificate, fingerprint, subject: profileOf(certificate).subject };
  } catch (error) {
    // The judge names what is wrong with the signature.
    if (error instanceof KerbsideError) return null;
    throw error;
  }
}

/** What the store has sealed must be there, also at the end of a deployment that is still open. */
function missing(sealed: readonly number[] | null, events: readonly EventFacts[]): string[] {
  const there = new Set(events.map(({ number }) => number));
  return (sealed ?? [])
    .filter((number) => !there.has(number))
    .map((number) => `${eventStem(number)}.record is missing or cannot be read; the store says that it was sealed.`);
}

const setFindings = (members: readonly PlacedMember[]): string[] =>
  checkEvents(members).flatMap(({ status, sentence }) => (status === 'failed' ? [sentence] : []));
