/**
 * Reads the C2PA manifest of a sealed image, in the one form that the workshop writes (form.ts). Each byte of its segment
 * is covered by the signature (claim and protected header), or by a hash in the signed claim (assertions with their
 * labels and salts), or is the same in every file. Nothing is scanned: only the segments before the scan are walked, and
 * the hash over the image is the caller's.
 */
import { KerbsideError } from '../../errors.js';
import { asciiBytes, concat, hasTextAt } from '../byte-tools.js';
import { readSegments } from '../jpeg/parse.js';
import { PRIVATE_INSTANCE } from '../jpeg/private-data.js';
import { MARKER, type Segment } from '../jpeg/structure.js';
import { BoxReader, readDescription } from './boxes.js';
import { plainValue } from './cbor.js';
import { assertionPart, readActions, readClaim, readDataHash, readMeasurement } from './claim.js';
import type { Exclusion, PerAssertion } from './claim.js';
import { readCose, toBeSigned } from './cose.js';
import { C2PA_INSTANCE, damaged, LABEL } from './form.js';

/** An assertion with its description, as the claim's hash covers it. */
export interface ReadAssertion {
  readonly label: string;
  readonly bytes: Uint8Array;
  /** As the claim states it. */
  readonly sha256: Uint8Array;
}

export interface SealReading {
  /** X.509, DER, the signer's own first. */
  readonly certificates: Uint8Array[];
  /** The bytes of the file that the hash of the image leaves out: the manifest's segment, nothing else. */
  readonly exclusion: Exclusion;
  /** SHA-256 of the file without them, as signed. */
  readonly dataHash: Uint8Array;
  readonly assertions: readonly ReadAssertion[];
  readonly toBeSigned: Uint8Array;
  /** r and s. */
  readonly signature: Uint8Array;
  readonly title: string;
  readonly generator: string;
  readonly measurement: unknown;
  /** The source of the picture is stated to be the simulator. */
  readonly demo: boolean;
}

const IDENTIFIER = 'JP';
/** "JP", instance (2 bytes), number of the segment (4): there is one. */
const SEGMENT_HEAD = concat([
  asciiBytes(IDENTIFIER),
  Uint8Array.of(C2PA_INSTANCE >> 8, C2PA_INSTANCE & 0xff, 0, 0, 0, 1),
]);

/** All that stands before the scan. */
function headerSegments(jpeg: Uint8Array): Segment[] {
  try {
    return readSegments(jpeg);
  } catch (cause) {
    const found = cause instanceof KerbsideError ? cause.message.replace(/\.$/, '') : String(cause);
    throw damaged('segments', found, 'the header of a sealed JPEG', cause);
  }
}

/** The C2PA segment; a second one is refused, whatever it holds. */
function findSegment(jpeg: Uint8Array): Segment {
  const found = headerSegments(jpeg).filter(({ marker, payload, end }) => {
    if (marker !== MARKER.APP11) return false;
    const instance = ((jpeg[payload + 2] ?? 0) << 8) | (jpeg[payload + 3] ?? 0);
    return !hasTextAt(jpeg, payload, end, IDENTIFIER) || instance !== PRIVATE_INSTANCE;
  });
  const [segment, second] = found;
  if (segment === undefined) throw damaged('segment', 'there is no C2PA manifest in the file', 'one');
  if (second !== undefined) throw damaged('segment', `a second one begins at byte ${second.start}`, 'one');
  return segment;
}

interface Manifest {
  readonly label: string;
  /** Description and content of each, without the head of the superbox: what C2PA hashes. */
  readonly assertions: PerAssertion<{ readonly whole: Uint8Array; readonly content: Uint8Array }>;
  readonly claim: Uint8Array;
  readonly cose: Uint8Array;
}

function readAssertionStore(manifest: BoxReader): Manifest['assertions'] {
  const store = manifest.box('jumb', 'assertion store');
  readDescription(store, 'c2as', LABEL.assertions);
  const next = (label: string): { whole: Uint8Array; content: Uint8Array } => {
    const inside = store.box('jumb', assertionPart(label));
    const whole = inside.remaining();
    readDescription(inside, 'cbor', label, true);
    return { whole, content: inside.lastBox('cbor').rest() };
  };
  const assertions: Manifest['assertions'] = [next(LABEL.actions), next(LABEL.measurement), next(LABEL.dataHash)];
  store.finish();
  return assertions;
}

function readManifest(segment: BoxReader): Manifest {
  const store = segment.lastBox('jumb', 'manifest store');
  readDescription(store, 'c2pa', LABEL.store);
  const manifest = store.lastBox('jumb', 'manifest');
  const label = readDescription(manifest, 'c2ma', null);
  const assertions = readAssertionStore(manifest);
  const claim = manifest.box('jumb', 'claim');
  readDescription(claim, 'c2cl', LABEL.claim);
  const signature = manifest.lastBox('jumb', 'signature');
  readDescription(signature, 'c2cs', LABEL.signature);
  return { label, assertions, claim: claim.lastBox('cbor').rest(), cose: signature.lastBox('cbor').rest() };
}

/**
 * @param jpeg a sealed image
 * @throws KerbsideError evidence-damaged
 */
export function readSeal(jpeg: Uint8Array): SealReading {
  const { start, payload, end } = findSegment(jpeg);
  const exclusion = { start, length: end - start };
  const segment = new BoxReader(jpeg, payload, end, 'segment');
  segment.literal(SEGMENT_HEAD, 'the head of the segment');
  const manifest = readManifest(segment);
  const claim = readClaim(manifest.claim, manifest.label);
  const [actions, measurement, dataHash] = manifest.assertions;
  const cose = readCose(manifest.cose);
  const demo = readActions(actions.content);
  const measured = readMeasurement(measurement.content);
  return {
    ...{ certificates: cose.certificates, signature: cose.signature, exclusion, demo },
    dataHash: readDataHash(dataHash.content, exclusion),
    assertions: [
      { label: LABEL.actions, bytes: actions.whole, sha256: claim.hashes[0] },
      { label: LABEL.measurement, bytes: measurement.whole, sha256: claim.hashes[1] },
      { label: LABEL.dataHash, bytes: dataHash.whole, sha256: claim.hashes[2] },
    ],
    toBeSigned: toBeSigned(cose.header, manifest.claim),
    ...{ title: claim.title, generator: claim.generator, measurement: plainValue(measured) },
  };
}
