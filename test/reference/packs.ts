/** Contents, issuers and folders for the tests of signed packs. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatesIn } from '../../firmware/keys/pem.js';
import type { IssuerRoots } from '../../firmware/reference/roots.js';
import { signPack } from '../../firmware/reference/sign-pack.js';
import type { IssuerKind } from '../../src/site/packs/head.js';
import { ISSUER_OF } from '../../src/site/packs/head.js';
import { PACK_KINDS, type PackKind } from '../../src/site/reference.js';
import { memorySigner, type MemorySigner } from '../support/memory-signer.js';

export const NOW_MS = Date.now();

const head = (kind: PackKind, serial: number): string =>
  `format: kerbside-pack\nversion: 1\nkind: ${kind}\nserial: ${serial}\nissuedAt: 2025-03-02T09:00:00+13:00\n`;

const BODIES: Readonly<Record<PackKind, string>> = {
  sites: `sites:
  - code: T-1
    road: Test Road
    zone: Pacific/Auckland
    centreline:
      - { latitude: -41.2, longitude: 175.5 }
      - { latitude: -41.19, longitude: 175.5 }
    lanes:
      - { id: L1, direction: increasing, monitored: true }
    limitKmh: 100
    threshold: { speedKmh: 104, authority: Test Authority, date: 2025-01-01 }
    approval: { authority: Test Authority, date: 2024-11-01 }
    limitHistory:
      - { limitKmh: 100, from: 2009-07-01, authority: Test Road Authority }
    deployment: { vanHeading: increasing }
`,
  calendar: `calendars:
  - region: auckland
    zone: Pacific/Auckland
    validFrom: 2025-01-01
    validUntil: 2025-12-31
    terms:
      - { from: 2025-02-02, until: 2025-04-02 }
      - { from: 2025-04-20, until: 2025-07-03 }
activities:
  - { siteCode: T-1, name: Sports day, from: 2025-03-14T09:00:00+13:00, until: 2025-03-14T15:00:00+13:00 }
`,
  bulletin: `validFrom: 2025-03-02T00:00:00+13:00
validUntil: 2025-03-09T00:00:00+13:00
deployments:
  - { siteCode: T-2, cameraId: SC-015, from: 2025-03-02T08:00:00+13:00, until: 2025-03-02T16:00:00+13:00 }
`,
  operators: `operators:
  - { id: OP-1, name: Test Operator One, trainedOn: 2024-06-01, validUntil: 2026-05-31 }
vehicles:
  - { registration: TEST01, description: Test van, from: 2024-01-01 }
`,
  certificates: `certificates:
  - { kind: camera, number: C-1, subject: SC-014, issuer: Test Calibration, issuedOn: 2024-11-03 }
  - { kind: fork, number: C-2, subject: F-1, issuer: Test Calibration, issuedOn: 2024-11-03, forkKmh: 60 }
`,
};

/** Content of a kind, good unless `change` makes it otherwise. */
export const contentOf = (kind: PackKind, serial = 1, change: (text: string) => string = (text) => text): string =>
  change(head(kind, serial) + BODIES[kind]);

/** Replaces a text that must be there, so that no test goes stale unseen. */
export const replaced =
  (what: string, by: string) =>
  (text: string): string => {
    if (!text.includes(what)) throw new Error(`no "${what}"`);
    return text.replace(what, by);
  };

export interface Issuer {
  readonly signer: MemorySigner['signer'];
  readonly root: Uint8Array;
}

export function issuer(): Issuer {
  const { signer, rootPem } = memorySigner();
  return { signer, root: certificatesIn(Buffer.from(rootPem))[0]! };
}

/** An issuer of each kind, and a van that believes them. */
export interface Issuers {
  readonly of: Readonly<Record<IssuerKind, Issuer>>;
  readonly roots: IssuerRoots;
  sign(kind: PackKind, serial?: number, change?: (text: string) => string): Promise<Uint8Array>;
}

export function issuers(): Issuers {
  const of = { pib: issuer(), calibration: issuer() };
  return {
    of,
    roots: { pib: [of.pib.root], calibration: [of.calibration.root] },
    sign: async (kind, serial, change) => {
      const content = Buffer.from(contentOf(kind, serial, change));
      return (await signPack(content, 'content.yaml', (found) => of[ISSUER_OF[found]].signer, NOW_MS)).bytes;
    },
  };
}

export class PackFolder {
  readonly top = mkdtempSync(join(tmpdir(), 'kerbside-packs-'));
  readonly reference = join(this.top, 'reference');

  remove(): void {
    rmSync(this.top, { recursive: true, force: true });
  }

  /** Everything under the folder but the log and the lock, as one hash: what must not change when a pack is refused. */
  fingerprint(): string {
    const hash = createHash('sha256');
    const names = statSync(this.reference, { throwIfNoEntry: false })
      ? readdirSync(this.reference, { recursive: true, encoding: 'utf8' }).sort()
      : [];
    for (const name of names) {
      if (/^(imports\.jsonl|import\.lock.*)$/.test(name)) continue;
      const path = join(this.reference, name);
      hash.update(`${name}\n`);
      if (statSync(path).isFile()) hash.update(readFileSync(path)).update(String(statSync(path).mtimeMs));
    }
    return hash.digest('hex');
  }
}

export const ALL_KINDS = PACK_KINDS;
