/** The claim and the two assertions whose form is known: their values are taken out, and all of it is written anew. */
import { bytesMember, compareCbor, listOf, member, readCbor, textMember, type CborMap } from './cbor.js';
import { ASSERTIONS, damaged, digitalSourceType, GENERATOR, HASH_PAD, LABEL } from './form.js';

const HASH_BYTES = 32;
const LIBRARY = 'org.contentauth.c2pa_rs';
const VERSION = /^\d+\.\d+\.\d+$/;
const INSTANCE_ID = /^xmp\.iid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sentences speak of the assertion by its label. */
export const assertionPart = (label: string): string => `assertion ${label}`;

/** One thing for each of ASSERTIONS. */
export type PerAssertion<T> = readonly [actions: T, measurement: T, dataHash: T];

export interface ClaimParts {
  readonly title: string;
  /** "Kerbside" and the version. */
  readonly generator: string;
  /** SHA-256 of each assertion, in their order. */
  readonly hashes: PerAssertion<Uint8Array>;
}

function expectText(text: string, pattern: RegExp, name: string): string {
  if (pattern.test(text)) return text;
  throw damaged('claim', `"${name}" is ${JSON.stringify(text)}`, 'what the camera writes');
}

function readHashes(claim: unknown): PerAssertion<Uint8Array> {
  const entries = listOf(member(claim, 'created_assertions', 'claim'));
  const hashAt = (i: number): Uint8Array => bytesMember(entries[i], 'hash', HASH_BYTES, 'claim');
  return [hashAt(0), hashAt(1), hashAt(2)];
}

/** @param manifest label of the manifest */
export function readClaim(bytes: Uint8Array, manifest: string): ClaimParts {
  const claim = readCbor(bytes, 'claim');
  const info = member(claim, 'claim_generator_info', 'claim');
  const version = textMember(info, 'version', 'claim');
  const title = textMember(claim, 'dc:title', 'claim');
  const hashes = readHashes(claim);
  const expected = new Map<string, unknown>([
    ['instanceID', expectText(textMember(claim, 'instanceID', 'claim'), INSTANCE_ID, 'instanceID')],
    [
      'claim_generator_info',
      new Map([
        ['name', GENERATOR],
        ['version', version],
        [LIBRARY, expectText(textMember(info, LIBRARY, 'claim'), VERSION, LIBRARY)],
      ]),
    ],
    ['signature', `self#jumbf=/${LABEL.store}/${manifest}/${LABEL.signature}`],
    [
      'created_assertions',
      ASSERTIONS.map((label, i) => {
        const url = `self#jumbf=${LABEL.assertions}/${label}`;
        return new Map<string, unknown>([
          ['url', url],
          ['hash', hashes[i]],
        ]);
      }),
    ],
    ['dc:title', title],
    ['alg', 'sha256'],
  ]);
  compareCbor(bytes, expected, 'claim');
  return { title, generator: `${GENERATOR} ${version}`, hashes };
}

/** @returns whether it is a demo */
export function readActions(bytes: Uint8Array): boolean {
  const part = assertionPart(LABEL.actions);
  const actions = member(readCbor(bytes, part), 'actions', part);
  const source = textMember(listOf(actions)[0], 'digitalSourceType', part);
  const demo = source === digitalSourceType(true);
  const created = new Map([
    ['action', 'c2pa.created'],
    ['digitalSourceType', digitalSourceType(demo)],
  ]);
  const expected = new Map<string, unknown>([
    ['actions', [created]],
    ['allActionsIncluded', true],
  ]);
  compareCbor(bytes, expected, part);
  return demo;
}

export interface Exclusion {
  readonly start: number;
  readonly length: number;
}

/**
 * @param exclusion where the manifest stands; nothing else may be left out of the hash
 * @returns SHA-256 of all that is not left out
 */
export function readDataHash(bytes: Uint8Array, exclusion: Exclusion): Uint8Array {
  const part = assertionPart(LABEL.dataHash);
  const map = readCbor(bytes, part);
  const [first] = listOf(member(map, 'exclusions', part));
  const [start, length] = [member(first, 'start', part), member(first, 'length', part)];
  if (start !== exclusion.start || length !== exclusion.length) {
    const found = typeof start === 'number' && typeof length === 'number' ? `${length} bytes at ${start}` : 'no range';
    const expected = `the manifest, ${exclusion.length} bytes at ${exclusion.start}`;
    throw damaged(part, `it leaves out ${found}`, expected);
  }
  const hash = bytesMember(map, 'hash', HASH_BYTES, part);
  const expected = new Map<string, unknown>([
    ['exclusions', [new Map(Object.entries({ start, length }))]],
    ['name', 'jumbf manifest'],
    ['alg', 'sha256'],
    ['hash', hash],
    ['pad', new Uint8Array(HASH_PAD)],
  ]);
  compareCbor(bytes, expected, part);
  return hash;
}

/** @returns what was measured; its members are those of the version that wrote it */
export function readMeasurement(bytes: Uint8Array): CborMap {
  const part = assertionPart(LABEL.measurement);
  const value = readCbor(bytes, part);
  if (!(value instanceof Map)) throw damaged(part, 'it is no map', 'a map');
  compareCbor(bytes, value, part);
  return value;
}
