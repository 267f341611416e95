/**
 * The image: that it is the one the signed record speaks of, that its own seal (C2PA) holds, and that both say the same.
 * What the record says counts only where its signature holds; the seal is checked in any case.
 */
import { KerbsideError } from '../../errors.js';
import { hasTextAt } from '../byte-tools.js';
import { checkSeal } from '../c2pa/check-seal.js';
import { readSeal, type SealReading } from '../c2pa/read-seal.js';
import { readCertificate } from '../certificate.js';
import { sameBytes } from '../der.js';
import { readSegments } from '../jpeg/parse.js';
import { originalPieces } from '../jpeg/private-data.js';
import { MARKER } from '../jpeg/structure.js';
import type { EvidenceRecord } from '../record.js';
import { measurementClaim } from '../seal-claim.js';
import type { Icn } from '../types.js';
import type { CheckId, CheckList } from './checks.js';
import type { ExhibitParts, Verifier } from './exhibit.js';
import { toHex } from './hex.js';
import { untrusted, type SignerFacts } from './signature-checks.js';

interface Told {
  readonly record: EvidenceRecord | null;
  readonly signer: SignerFacts | null;
}

const WITH_IMAGE: readonly CheckId[] = [
  ...(['image-unchanged', 'image-seal-form', 'image-seal-valid', 'image-seal-signer'] as const),
  ...(['image-claim', 'image-number', 'camera-file'] as const),
];

/** @returns whether the seal calls itself a demonstration */
export function checkImage(parts: ExhibitParts, told: Told, verifier: Verifier, list: CheckList): boolean {
  const { image, name } = parts;
  const record = told.signer?.signedThis === true ? told.record : null;
  if (record !== null) list.note('image-present', presenceObjection(record, image, name));
  if (image === null) {
    const none = record !== null && record.sealedImageSha256 === null;
    for (const id of WITH_IMAGE) {
      if (none) list.leaveOut(id, 'Not checked: this number has no image.');
      else list.skip(id, 'Not checked: the image is not there.');
    }
    return false;
  }
  if (record?.sealedImageSha256 != null) {
    list.note('image-unchanged', hashObjection(image, record.sealedImageSha256, verifier));
  }
  const seal = checkSealOf(image, verifier, list);
  if (seal !== null && told.signer !== null) {
    const own = seal.certificates[0] ?? new Uint8Array();
    const isSame = sameBytes(own, told.signer.certificates[0] ?? new Uint8Array());
    list.note('image-seal-signer', isSame ? null : OTHER_SIGNER);
  }
  if (record !== null) checkAgainst(record, image, seal, verifier, list);
  return seal?.demo ?? false;
}

const OTHER_SIGNER =
  'The signature of the record was made with another certificate than the seal inside the image: one of the two was made anew.';

function presenceObjection(record: EvidenceRecord, image: Uint8Array | null, name: string): string | null {
  if (record.sealedImageSha256 === null) {
    return image === null
      ? null
      : `There is an image ${name}.jpg, and the signed record says that this number has none.`;
  }
  return image === null ? `The image ${name}.jpg is missing; the signed record speaks of one.` : null;
}

function hashObjection(image: Uint8Array, expected: string, { algorithms }: Verifier): string | null {
  const found = toHex(algorithms.sha256(image));
  if (found === expected) return null;
  return `This is not the image that was sealed, or it was altered since: its SHA-256 is ${found}, the signed record says ${expected}.`;
}

/** @returns null where the seal does not hold */
function checkSealOf(image: Uint8Array, verifier: Verifier, list: CheckList): SealReading | null {
  if (image.length === 0) {
    list.note('image-seal-form', 'The image file is empty.');
    return null;
  }
  const reading = list.attempt('image-seal-form', () => readSeal(image));
  if (reading === null) return null;
  const { start, length } = reading.exclusion;
  const sha256 = verifier.sha256Of([image.subarray(0, start), image.subarray(start + length)]);
  return list.attempt('image-seal-valid', () => {
    checkSeal(reading, sha256, verifier.algorithms);
    return reading;
  });
}

function checkAgainst(
  record: EvidenceRecord,
  image: Uint8Array,
  seal: SealReading | null,
  verifier: Verifier,
  list: CheckList,
): void {
  const { icn, imageSha256 } = record.exposure;
  if (seal !== null) {
    list.attempt('image-claim', () => {
      const objection = claimObjection(record, seal);
      if (objection !== null) throw refusal(objection);
    });
  }
  list.attempt('image-number', () => {
    const found = exifNumber(image);
    if (found === icn) return;
    throw refusal(`The picture data (EXIF) state the number ${found ?? 'none'}, the record is that of ${icn}.`);
  });
  if (imageSha256 === null) {
    list.leaveOut('camera-file', "Not checked: the record states no hash of the camera's own file.");
    return;
  }
  list.attempt('camera-file', () => {
    const found = toHex(verifier.sha256Of(originalPieces(image)));
    if (found === imageSha256) return;
    throw refusal(`The camera's file recovered from the image has SHA-256 ${found}; the record says ${imageSha256}.`);
  });
}

const refusal = (sentence: string): KerbsideError => new KerbsideError('evidence-damaged', sentence);

/** Every member of the claim, and the name of the file. Whether it is a demo stands in it as a word or as yes and no. */
function claimObjection({ exposure, link }: EvidenceRecord, { measurement, title, demo }: SealReading): string | null {
  const { demo: _word, ...expected } = measurementClaim(exposure, link);
  const { demo: _found, ...stated } = measurement as Readonly<Record<string, string>>;
  if (demo !== exposure.facts.demo)
    return 'The seal of the image and the record differ in whether this is a demonstration.';
  const names = [...new Set([...Object.keys(expected), ...Object.keys(stated)])];
  const wrong = names.filter((name) => expected[name] !== stated[name]);
  const isNamed = title === `${exposure.icn}.jpg`;
  if (wrong.length === 0) {
    return isNamed ? null : `The seal of the image names the file ${title}, expected ${exposure.icn}.jpg.`;
  }
  const differences = wrong.map(
    (name) =>
      `${name} is "${stated[name] ?? 'not stated'}" in the seal and "${expected[name] ?? 'not stated'}" in the record`,
  );
  return `The seal inside the image and the record differ: ${differences.join('; ')}.`;
}

const EXIF_HEAD = 'Exif\0\0';
/** Tag ImageUniqueID, text, 10 letters: as our writer puts it into the EXIF, big-endian. */
const UNIQUE_ID = [0xa4, 0x20, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0a];
const ICN_LETTERS = 9;

/** @returns null where the EXIF states none */
function exifNumber(image: Uint8Array): Icn | null {
  for (const { marker, payload, end } of readSegments(image)) {
    if (marker !== MARKER.APP1 || !hasTextAt(image, payload, end, EXIF_HEAD)) continue;
    const tiff = image.subarray(payload + EXIF_HEAD.length, end);
    for (let at = 0; at + UNIQUE_ID.length + 4 <= tiff.length; at += 1) {
      if (!UNIQUE_ID.every((byte, i) => tiff[at + i] === byte)) continue;
      const offset = new DataView(tiff.buffer, tiff.byteOffset + at + UNIQUE_ID.length).getUint32(0);
      return String.fromCharCode(...tiff.subarray(offset, offset + ICN_LETTERS));
    }
    return null;
  }
  return null;
}

/**
 * An image without its record: its seal is all that can be judged.
 * @returns whether it is a demonstration
 */
export function checkImageAlone(image: Uint8Array, verifier: Verifier, list: CheckList): boolean {
  const seal = checkSealOf(image, verifier, list);
  const signer = seal?.certificates[0];
  if (seal === null || signer === undefined) return false;
  const { utc } = seal.measurement as Record<string, unknown>;
  const statedMs = typeof utc === 'string' ? Date.parse(utc) : Number.NaN;
  // A camera without the time says so; its certificate is judged all the same.
  const atMs = Number.isNaN(statedMs) ? readCertificate(signer).notBeforeMs : statedMs;
  const { trusted, demo, sentence } = verifier.judge(seal.certificates, atMs);
  list.note('certificate-trusted', trusted ? null : untrusted(sentence));
  const differ = `The seal of the image says that it is ${seal.demo ? 'a' : 'no'} demonstration, its key says otherwise.`;
  list.note('demo-marked', demo === seal.demo ? null : differ);
  return demo || seal.demo;
}
