/** Records, signatures, certificates, whole exhibits; and packs. What a signature guards is signed anew after each change. */
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { generateKey, issueDemo, issueUnder, spkiOf } from '../../../firmware/keys/certificates.js';
import { sealCrypto } from '../../../firmware/keys/crypto.js';
import { DEMO_ISSUERS } from '../../../firmware/keys/demo-issuers.js';
import { certificatesIn, toPem } from '../../../firmware/keys/pem.js';
import { profileOf } from '../../../firmware/keys/profile.js';
import { demoRoot, judgeChain } from '../../../firmware/keys/trust.js';
import { kindOfContent, readContent } from '../../../firmware/reference/content.js';
import { openPack } from '../../../firmware/reference/open-pack.js';
import { contentToSign, joinPack } from '../../../firmware/reference/pack-file.js';
import { DEMO_ONLY, demoIssuerRoot } from '../../../firmware/reference/roots.js';
import { verifierFor } from '../../../firmware/verify/judge.js';
import { parseChainText } from '../../../src/evidence/chain.js';
import { decodeCms, encodeCms, signedAttributes, verifyCms } from '../../../src/evidence/cms.js';
import { fromDerSignature, toDerSignature, toLowS } from '../../../src/evidence/es256.js';
import { decodeEventRecord } from '../../../src/evidence/event-record.js';
import { decodeRecord, encodeRecord } from '../../../src/evidence/record.js';
import { decodeDeploymentRecord, decodeParametersRecord } from '../../../src/evidence/session-records.js';
import { verifyExhibit, type ExhibitParts } from '../../../src/evidence/verify/exhibit.js';
import type { Signer } from '../../../src/ports/signer.js';
import { PACK_KINDS } from '../../../src/site/reference.js';
import { contentOf } from '../../reference/packs.js';
import { DEPLOYMENT, makeSet, SEALED_MS, type Exhibit } from '../../support/exhibit.js';
import type { FuzzTarget } from '../target.js';
import { refusing, text, utf8 } from './parts.js';

type Seal = (content: Uint8Array) => Uint8Array;

const rawSignature = (key: KeyObject, bytes: Uint8Array): Uint8Array =>
  toLowS(Uint8Array.from(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })));

/** Signs at once, which a `Signer` does not promise. */
const sealWith =
  (key: KeyObject, certificate: Uint8Array, signingTimeMs: number): Seal =>
  (content) => {
    const certificateSha256s = [sealCrypto.sha256(certificate)];
    const attributesDer = signedAttributes({
      contentSha256: sealCrypto.sha256(content),
      signingTimeMs,
      certificateSha256s,
    });
    return encodeCms({ attributesDer, certificates: [certificate], signature: rawSignature(key, attributesDer) });
  };

interface Bench {
  readonly signer: Signer;
  readonly seal: Seal;
  readonly certificate: Uint8Array;
  readonly exhibits: readonly Exhibit[];
}

/** A deployment with a number of each kind, under a DEMO key that can be used again. */
export async function createBench(): Promise<Bench> {
  const key = generateKey();
  const subject = { organisation: 'Kerbside DEMO - NOT EVIDENCE', commonName: 'Kerbside DEMO camera' };
  const certificate = await issueDemo(spkiOf(key), subject, SEALED_MS);
  const signer: Signer = {
    ...{ certificates: [certificate], demo: true },
    sign: async (bytes) => rawSignature(key, bytes),
  };
  const { exhibits } = await makeSet(signer, { readings: 4 });
  return { signer, certificate, exhibits, seal: sealWith(key, certificate, SEALED_MS) };
}

function records({ exhibits }: Bench): FuzzTarget[] {
  const readers = {
    exposure: decodeRecord,
    event: decodeEventRecord,
    deployment: decodeDeploymentRecord,
    parameters: decodeParametersRecord,
  };
  return Object.entries(readers).map(([name, read]): FuzzTarget => {
    const run = refusing(read);
    const all = exhibits.map(({ record }) => record);
    return {
      name: `record-${name}`,
      seeds: all.filter(run),
      oddities: all.filter((each) => !run(each)).slice(0, 1),
      run,
    };
  });
}

/** The record as somebody with the key would write it, and the image under a record that names it. */
function exhibitTargets({ exhibits, seal }: Bench): FuzzTarget[] {
  const verifier = verifierFor([]);
  const isWhole = (exhibit: Exhibit, changes: Partial<ExhibitParts>): boolean =>
    verifyExhibit({ ...exhibit, folder: DEPLOYMENT, certificateSha256s: null, ...changes }, verifier).ok;
  const pictured = exhibits.find(({ image, record }) => image !== null && record.length > 1500) as Exhibit;
  const plain = decodeRecord(pictured.record);
  const named = (record: Uint8Array): Exhibit =>
    exhibits.find((each) => Buffer.from(each.record).equals(record)) ?? pictured;
  return [
    {
      name: 'exhibit-record',
      seeds: exhibits.map(({ record }) => record),
      run: refusing((record) => isWhole(named(record), { record, signature: seal(record) })),
    },
    {
      name: 'exhibit-image',
      seeds: [pictured.image as Uint8Array],
      run: refusing((image) => {
        const sealedImageSha256 = createHash('sha256').update(image).digest('hex');
        const record = encodeRecord({ ...plain, sealedImageSha256 });
        return isWhole(pictured, { record, image, signature: seal(record) });
      }),
    },
    {
      name: 'exhibit-signature',
      seeds: [pictured.signature],
      run: refusing((signature) => isWhole(pictured, { signature })),
    },
  ];
}

function signatures({ exhibits, certificate, seal }: Bench): FuzzTarget[] {
  const record = exhibits[0]?.record ?? new Uint8Array();
  const root = demoRoot();
  const line = `${'ab'.repeat(32)}  000001/000001001.record\n`;
  const signature = toDerSignature(rawSignature(generateKey(), record));
  return [
    { name: 'cms', seeds: [seal(record)], run: refusing(decodeCms) },
    { name: 'cms-verified', seeds: [seal(record)], run: refusing((bytes) => verifyCms(bytes, record, sealCrypto)) },
    { name: 'der-signature', seeds: [signature], run: (bytes) => fromDerSignature(bytes) !== null },
    {
      name: 'certificate',
      seeds: [certificate, root, demoIssuerRoot('pib')],
      run: refusing((bytes) => {
        profileOf(bytes);
        judgeChain([bytes], [root], SEALED_MS);
        judgeChain([certificate, bytes], [root, bytes], SEALED_MS);
      }),
    },
    {
      name: 'pem',
      seeds: [text(toPem('CERTIFICATE', certificate) + toPem('CERTIFICATE', root))],
      run: refusing((bytes) => certificatesIn(bytes).map(profileOf).length > 0),
    },
    {
      name: 'chain-file',
      seeds: [text(line), text(line + line)],
      run: refusing((bytes) => parseChainText(utf8(bytes))),
    },
  ];
}

async function packs(): Promise<FuzzTarget[]> {
  const atMs = Date.UTC(2026, 0, 5);
  const content = PACK_KINDS.map((kind) => text(contentOf(kind)));
  const subject = { organisation: 'Kerbside DEMO - NOT EVIDENCE', commonName: 'DEMO' };
  const seals = await Promise.all(
    (['pib', 'calibration'] as const).map(async (issuer) => {
      const key = generateKey();
      const authority = {
        certificate: demoIssuerRoot(issuer),
        key: createPrivateKey(DEMO_ISSUERS[issuer].privateKey),
      };
      return sealWith(key, await issueUnder(authority, spkiOf(key), subject, atMs), atMs);
    }),
  );
  const signed = (bytes: Uint8Array, seal: Seal): Uint8Array => {
    const toSign = contentToSign(bytes, 'fuzz.yaml');
    return joinPack({ content: toSign, cms: seal(toSign) });
  };
  const open = (bytes: Uint8Array): unknown =>
    openPack(bytes, 'fuzz.pack', { roots: DEMO_ONLY, importedAtMs: atMs + 86_400_000 });
  const runs = seals.map((seal) => refusing((bytes) => open(signed(bytes, seal))));
  return [
    {
      name: 'pack-content',
      seeds: content,
      run: refusing((bytes) => readContent(kindOfContent(bytes, 'fuzz.yaml'))),
    },
    { name: 'pack-signed', seeds: content, run: (bytes) => runs.map((run) => run(bytes)).includes(true) },
    {
      name: 'pack-file',
      seeds: content.flatMap((bytes) => seals.map((seal) => signed(bytes, seal))).filter(refusing(open)),
      run: refusing(open),
    },
  ];
}

export const evidenceTargets = async (bench: Bench): Promise<FuzzTarget[]> => [
  ...records(bench),
  ...signatures(bench),
  ...exhibitTargets(bench),
  ...(await packs()),
];
