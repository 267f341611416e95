/**
 * The one form that the C2PA manifest of a sealed image has: names, kinds and places of its boxes (C2PA 2.2, chapter 11;
 * JUMBF, ISO/IEC 19566-5). The standard leaves room for a great deal more. Here all that is not in this list is refused,
 * because what no reader expects is where something could be added to an exhibit without breaking its seal.
 */
import { KerbsideError } from '../../errors.js';

/** Instance number of C2PA's JUMBF box among those in APP11, as the library writes it. */
export const C2PA_INSTANCE = 0x0211;

/** The first four bytes of a content type stand for its letters; the other twelve are the same for all of them. */
export type ContentType = 'c2pa' | 'c2ma' | 'c2as' | 'c2cl' | 'c2cs' | 'cbor';

export const LABEL = {
  store: 'c2pa',
  assertions: 'c2pa.assertions',
  actions: 'c2pa.actions.v2',
  measurement: 'org.kerbside.measurement',
  dataHash: 'c2pa.hash.data',
  claim: 'c2pa.claim.v2',
  signature: 'c2pa.signature',
} as const;

/** The assertions of a manifest in the order of the file; all of them are marked as created by the claim generator. */
export const ASSERTIONS = [LABEL.actions, LABEL.measurement, LABEL.dataHash] as const;

export const GENERATOR = 'Kerbside';

const DIGITAL_SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** Of a demo nobody can say that a lens took the picture: the simulator draws it. */
export const digitalSourceType = (demo: boolean): string =>
  `${DIGITAL_SOURCE}${demo ? 'algorithmicMedia' : 'digitalCapture'}`;

/** The library leaves room for an exclusion of more digits and fills it up: always this many zeros. */
export const HASH_PAD = 9;

/** @param part segment, manifest, assertion X, claim, signature, certificate or image data */
export function damaged(part: string, found: string, expected: string, cause?: unknown): KerbsideError {
  const sentence = `The seal of the image is damaged in its ${part}: ${found}; expected ${expected}.`;
  return new KerbsideError('evidence-damaged', sentence, { cause });
}
