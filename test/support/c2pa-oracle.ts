/** What other people's software says about a C2PA manifest: the official library's own reader, and exiftool. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { WasmReader } from '@contentauth/c2pa-wasm';
import { loadC2pa } from '../../firmware/workshop/c2pa.js';

export interface OfficialAssertion {
  readonly label: string;
  readonly data: unknown;
  readonly created?: boolean;
}

interface OfficialManifest {
  readonly title: string;
  readonly claim_generator_info: readonly Readonly<Record<string, string>>[];
  readonly assertions: readonly OfficialAssertion[];
}

export interface OfficialVerdict {
  readonly state: 'Trusted' | 'Valid' | 'Invalid';
  readonly failures: readonly string[];
  readonly manifest: OfficialManifest;
}

interface StoreJson {
  readonly active_manifest: string;
  readonly validation_state: OfficialVerdict['state'];
  readonly validation_results: { readonly activeManifest: { readonly failure: readonly { readonly code: string }[] } };
  readonly manifests: Readonly<Record<string, OfficialManifest>>;
}

/** @param rootPem null: nobody is trusted */
export async function officialVerdict(jpeg: Uint8Array, rootPem: string | null): Promise<OfficialVerdict> {
  await loadC2pa();
  const settings = {
    version: 1,
    verify: { verify_trust: true, ocsp_fetch: false, remote_manifest_fetch: false },
    ...(rootPem === null ? {} : { trust: { trust_anchors: rootPem } }),
  };
  const reader = await WasmReader.fromBytes('image/jpeg', jpeg, JSON.stringify(settings));
  try {
    const store = JSON.parse(reader.json()) as StoreJson;
    const manifest = store.manifests[store.active_manifest];
    assert.ok(manifest !== undefined);
    const failures = store.validation_results.activeManifest.failure.map(({ code }) => code);
    return { state: store.validation_state, failures, manifest };
  } finally {
    reader.free();
  }
}

/** @param args of exiftool, with the path of the image among them */
export function exiftool(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('exiftool', args, { encoding: 'utf8' });
  assert.equal(status, 0, `exiftool: ${stderr}`);
  return stdout;
}
