/** `kerbside evidence verify` without its words: collects, has everything judged, and puts it together. */
import type { Check } from '../../src/evidence/verify/checks.js';
import { doubtsAbout, type Doubt } from '../../src/evidence/doubts.js';
import type { ExhibitResult } from '../../src/evidence/verify/exhibit.js';
import { checkSet, setNotChecked } from '../../src/evidence/verify/set.js';
import type { PlacedMember, SetCheck } from '../../src/evidence/verify/set-types.js';
import { chainPath, collect, type ExhibitFiles } from './collect.js';
import { verifyFiles } from './pool.js';
import { Progress, type ProgressSink } from './progress.js';
import { builtInRoot, readRoots, type Root } from './roots.js';

export interface VerifyRequest {
  readonly paths: readonly string[];
  readonly rootFiles: readonly string[];
  readonly threads?: number;
}

/** One exhibit in the result, without what only the set needed. */
export interface VerifiedExhibit extends Omit<ExhibitResult, 'member'> {
  readonly path: string;
  readonly hasImage: boolean;
  /** An event record that was given puts it in doubt; no failure. */
  readonly inDoubt: boolean;
}

/** A mark that an event record sets on numbers; a warning, no failure. */
export interface FoundDoubt extends Doubt {
  /** Of the event record. */
  readonly path: string;
}

export interface Verification {
  readonly verified: boolean;
  readonly demo: boolean;
  readonly roots: readonly Root[];
  /** In the order of their paths. */
  readonly exhibits: readonly VerifiedExhibit[];
  readonly set: readonly SetCheck[];
  readonly doubts: readonly FoundDoubt[];
  readonly bytes: number;
}

/** @throws KerbsideError 'evidence-missing', 'key-unusable' */
export async function verify(request: VerifyRequest, sink: ProgressSink): Promise<Verification> {
  const given = readRoots(request.rootFiles);
  const collection = collect(request.paths);
  const files = collection.exhibits;
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  const progress = new Progress(sink, { bytes, exhibits: files.length });
  const merger = new Merger(files.length);
  const { threads } = request;
  const options = { roots: given.map(({ der }) => der), ...(threads === undefined ? {} : { threads }) };
  await verifyFiles(files, options, (done, results, first) => {
    results.forEach((result, i) => merger.take(first + i, done[i] as ExhibitFiles, result));
    progress.add(
      done.reduce((sum, each) => sum + each.bytes, 0),
      done.length,
    );
  });
  progress.end();
  const { chainFiles, strangers, hasFolder } = collection;
  const set = hasFolder ? checkSet({ members: merger.members, chainFiles, strangers }) : setNotChecked();
  const doubts = merger.members
    .flatMap(({ event, path }): FoundDoubt[] => (event?.doubt == null ? [] : [{ ...event.doubt, path }]))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const exhibits = merger.exhibits.map((exhibit) => marked(exhibit, doubts));
  const verified = exhibits.every(({ ok }) => ok) && set.every(({ status }) => status !== 'failed');
  const demo = exhibits.some((exhibit) => exhibit.demo);
  return { verified, demo, roots: [builtInRoot(), ...given], exhibits, set, doubts, bytes };
}

function marked(exhibit: VerifiedExhibit, doubts: readonly FoundDoubt[]): VerifiedExhibit {
  const { icn } = exhibit;
  return icn === null || doubtsAbout(icn, doubts).length === 0 ? exhibit : { ...exhibit, inDoubt: true };
}

/** Batches end in any order. */
class Merger {
  readonly exhibits: VerifiedExhibit[];
  readonly members: PlacedMember[] = [];
  /** Nearly all exhibits have the same checks: they share one list. */
  readonly #lists = new Map<string, readonly Check[]>();

  constructor(count: number) {
    this.exhibits = new Array<VerifiedExhibit>(count);
  }

  take(index: number, files: ExhibitFiles, { member, checks, ...result }: ExhibitResult): void {
    const { path, chain, image } = files;
    if (member !== null) this.members.push({ ...member, path, chain, relative: chainPath(files) });
    this.exhibits[index] = {
      ...result,
      checks: this.#shared(result.ok, checks),
      path,
      hasImage: image !== null,
      inDoubt: false,
    };
  }

  #shared(ok: boolean, checks: readonly Check[]): readonly Check[] {
    if (!ok) return checks;
    const key = JSON.stringify(checks);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    this.#lists.set(key, checks);
    return checks;
  }
}
