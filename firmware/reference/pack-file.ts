/**
 * The file of a pack: the content as its issuer wrote it, and behind it the signature over exactly those bytes, as text
 * (CMS in PEM, RFC 7468). One file, so that the two cannot be parted on the way; readable, so that a person sees what was
 * signed. The signature block has one form only: whatever else is in the file is refused, so that no bit of it is free.
 */
import { readFileSync, statSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { sameBytes } from '../../src/evidence/der.js';
import { toPem } from '../keys/pem.js';

export interface SplitPack {
  /** What was signed. */
  readonly content: Uint8Array;
  /** DER. */
  readonly cms: Uint8Array;
}

/** All sites of the country with their centrelines take a part of it. */
const MOST_BYTES = 16 * 1024 * 1024;
const BEGIN = '\n-----BEGIN CMS-----\n';
const END = '\n-----END CMS-----\n';

/** @throws KerbsideError 'pack-unreadable' */
export function readPackFile(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw unreadable(path, stat.isDirectory() ? 'is a folder' : 'is no ordinary file');
    if (stat.size > MOST_BYTES) throw unreadable(path, `is ${stat.size} bytes long, more than ${MOST_BYTES}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof KerbsideError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw unreadable(path, code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`);
  }
}

const unreadable = (path: string, found: string): KerbsideError =>
  new KerbsideError('pack-unreadable', `${path}: ${found}, expected the file of a pack.`);

/** @throws KerbsideError 'pack-untrusted' for what is unsigned, truncated, or signed in another form */
export function splitPack(bytes: Uint8Array, origin: string): SplitPack {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = file.indexOf(BEGIN);
  if (at < 0) throw untrusted(origin, 'holds no signature: it was never signed, or is truncated');
  const contentEnd = at + 1;
  const block = file.subarray(contentEnd);
  if (!block.includes(END)) throw untrusted(origin, 'is truncated: its signature has no end');
  const base64 = block.toString('latin1').slice(BEGIN.length - 1, -END.length);
  const cms = Uint8Array.from(Buffer.from(base64, 'base64'));
  if (!sameBytes(block, Buffer.from(toPem('CMS', cms)))) {
    throw untrusted(origin, 'was altered in its signature, or holds something behind it');
  }
  return { content: Uint8Array.from(file.subarray(0, contentEnd)), cms };
}

/**
 * What is signed ends with a line end; one is added where it is missing.
 * @throws KerbsideError 'pack-invalid' where the content itself holds a signature
 */
export function contentToSign(bytes: Uint8Array, origin: string): Uint8Array {
  const text = Buffer.from(bytes);
  const content = text.at(-1) === 0x0a ? text : Buffer.concat([text, Buffer.from('\n')]);
  if (!Buffer.concat([Buffer.from('\n'), content]).includes('\n-----BEGIN CMS-----')) return Uint8Array.from(content);
  const sentence = `${origin}: holds a signature already, expected a content file; take it out to sign anew.`;
  throw new KerbsideError('pack-invalid', sentence);
}

/** @param content from {@link contentToSign} */
export const joinPack = ({ content, cms }: SplitPack): Uint8Array =>
  Uint8Array.from(Buffer.concat([content, Buffer.from(toPem('CMS', cms))]));

const untrusted = (origin: string, found: string): KerbsideError =>
  new KerbsideError('pack-untrusted', `${origin}: ${found}, expected a pack exactly as its issuer signed it.`);
