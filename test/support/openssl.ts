/** openssl as the stranger who checks: its own certificate authority, and its word on signatures, requests and chains. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Verdict {
  readonly good: boolean;
  readonly words: string;
}

/** What a certificate authority writes into a certificate for a camera. */
export const SIGNER_EXTENSIONS = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=emailProtection',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
];
const ISSUER_EXTENSIONS = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
];

/** A folder for one suite's files. */
export class OpensslFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'kerbside-openssl-'));
  #serial = 1;

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Paths count from the folder. */
  ask(...args: string[]): Verdict {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    return { good: status === 0, words: `${stdout}${stderr}` };
  }

  must(...args: string[]): string {
    const { good, words } = this.ask(...args);
    assert.ok(good, `openssl ${args.join(' ')}: ${words}`);
    return words;
  }

  /** The command of the manual. @param root name of a PEM file here, or its path */
  verifyCms(cms: Uint8Array, content: Uint8Array, root: string, ...more: string[]): Verdict {
    this.write('seal.p7s', cms);
    this.write('seal.record', content);
    const files = ['-inform', 'DER', '-in', 'seal.p7s', '-content', 'seal.record', '-CAfile', root];
    return this.ask('cms', '-verify', '-binary', ...files, ...more, '-out', '/dev/null');
  }

  /** A root with a key of 2048 bits RSA, as agencies have: `NAME.key`, `NAME.crt`. */
  makeRoot(name: string, days = '30'): void {
    this.must('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`);
    this.must('req', '-new', '-key', `${name}.key`, '-subj', `/O=Agency/CN=${name}`, '-out', `${name}.csr`);
    this.issue(name, null, ISSUER_EXTENSIONS, days);
  }

  /** An authority below another, on P-384: `NAME.key`, `NAME.crt`. */
  makeIssuer(name: string, issuer: string, extensions: readonly string[] = ISSUER_EXTENSIONS): void {
    this.must('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', `${name}.key`);
    this.must('req', '-new', '-key', `${name}.key`, '-subj', `/O=Agency/CN=${name}`, '-out', `${name}.csr`);
    this.issue(name, issuer, [...extensions, 'authorityKeyIdentifier=keyid']);
  }

  /** `NAME.crt` for the request `NAME.csr`. @param issuer null: signed by its own key `NAME.key` */
  issue(name: string, issuer: string | null, extensions: readonly string[] = SIGNER_EXTENSIONS, days = '30'): void {
    this.write(`${name}.ext`, `${extensions.join('\n')}\n`);
    const by = issuer === null ? ['-signkey', `${name}.key`] : ['-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`];
    const serial = ['-set_serial', String((this.#serial += 1))];
    const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.crt`];
    this.must('x509', '-req', '-sha256', '-days', days, ...by, ...serial, ...files);
  }

  /** A key and a request for it: `NAME.key`, mode 0400, and `NAME.csr`. */
  makeRequest(name: string, subject = `/O=Agency/CN=${name}`, curve = 'P-256'): void {
    this.must('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', `${name}.key`);
    this.must('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
  }
}
