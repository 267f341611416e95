/**
 * Every Incident Control Number once (ICN-1 to ICN-3): leased, fired or not, concluded, one record; in order, without holes,
 * and never anew, whatever lives and power cuts lie between.
 */
import type { ConcludedExposure, ExposureStart } from '../../../src/evidence/types.js';
import type { Findings } from './findings.js';
import { seconds, type WorldSettings } from './settings.js';

interface NumberStory {
  life: number;
  /** Given to a controller, not just written down. */
  leased: boolean;
  firedNs: number | null;
  firedAs: string | null;
  concludedAs: string | null;
  reason: string | null;
  records: number;
}

export interface RecordedNumber {
  readonly icn: string;
  readonly kind: string;
  readonly reason: string | null;
}

/** What may become of a number that was fired for …, and of one that no controller concluded. */
const FATES: Readonly<Record<string, readonly string[]>> = {
  incident: ['incident', 'annulled', 'void', 'unmatched'],
  sync: ['sync', 'void', 'unmatched'],
  alignment: ['alignment', 'void', 'unmatched'],
};
/** A kind that is whole has no reason, any other has one. */
const WITHOUT_REASON = new Set(['incident', 'sync', 'alignment', 'test']);
/** Looked at so often; a pass that goes on ends soon after its photo. */
const GIVE_UP_MS = 300;
/** Of numbers that were leased on the disk and never reached a controller. */
const UNUSED = new Set(['lease-unused', 'crash-unknown']);

export class Numbers {
  readonly #stories = new Map<string, NumberStory>();
  /** Highest number leased, by deployment. */
  readonly #highest = new Map<string, number>();
  readonly #findings: Findings;
  readonly #settings: WorldSettings;
  #closedLife = 0;

  constructor(findings: Findings, settings: WorldSettings) {
    this.#findings = findings;
    this.#settings = settings;
  }

  leased(life: number, icns: readonly string[], atNs: number): void {
    for (const icn of icns) {
      if (!/^\d{9}$/.test(icn)) {
        this.#findings.add('icn-unknown', atNs, `Leased number ${icn} is not nine digits.`);
      }
      const known = this.#stories.get(icn);
      if (known?.leased === true || (known?.records ?? 0) > 0) {
        this.#findings.add('icn-twice', atNs, `${icn} is leased to life ${String(life)} and was in use before.`);
        continue;
      }
      this.#stories.set(icn, { ...FRESH, life, leased: true });
      this.#inOrder(icn, atNs);
    }
  }

  fired(life: number, { icn, kind, atNs }: ExposureStart): void {
    const story = this.#stories.get(icn);
    if (story === undefined || story.life !== life) {
      const whose = story === undefined ? 'nobody' : `life ${String(story.life)}`;
      this.#findings.add('icn-unknown', atNs, `${icn} is fired by life ${String(life)}, leased to ${whose}.`);
      return;
    }
    if (story.firedNs !== null || story.concludedAs !== null) {
      this.#findings.add('icn-twice', atNs, `${icn} is fired at ${seconds(atNs)} s and was used before.`);
    }
    story.firedNs = atNs;
    story.firedAs = kind;
  }

  /** Why it has no evidence; null: it has, or nobody knows. */
  reasonOf(icn: string): string | null {
    return this.#stories.get(icn)?.reason ?? null;
  }

  concluded(life: number, { icn, kind, reason, concludedNs }: ConcludedExposure): void {
    const story = this.#stories.get(icn);
    if (story === undefined || story.life !== life) {
      this.#findings.add(
        'icn-unknown',
        concludedNs,
        `${icn} is concluded by life ${String(life)} that has no such lease.`,
      );
      return;
    }
    if (story.concludedAs !== null) {
      this.#findings.add('icn-twice', concludedNs, `${icn} is concluded twice: ${story.concludedAs}, then ${kind}.`);
    }
    story.concludedAs = kind;
    story.reason = reason;
    const openMs = story.firedNs === null ? 0 : (concludedNs - story.firedNs) / 1e6;
    const mostMs = this.#settings.imageTimeoutMs + GIVE_UP_MS;
    if (openMs > mostMs) {
      const found = `${icn} is concluded ${(openMs / 1000).toFixed(2)} s after it was fired`;
      this.#findings.add('left-open', concludedNs, `${found}, ${(mostMs / 1000).toFixed(2)} s are allowed.`);
    }
    if (story.firedAs !== null && FATES[story.firedAs]?.includes(kind) !== true) {
      this.#findings.add('icn-fate', concludedNs, `${icn} was fired as ${story.firedAs} and is concluded as ${kind}.`);
    }
    // What nothing was fired for can only be an image without a trigger.
    if (story.firedAs === null && kind !== 'void' && kind !== 'unmatched') {
      this.#findings.add('icn-fate', concludedNs, `${icn} was never fired and is concluded as ${kind}.`);
    }
  }

  /** `closed`: everything that this life fired has its end. */
  closed(life: number, atNs: number): void {
    this.#closedLife = life;
    for (const [icn, story] of this.#stories) {
      if (story.life !== life || story.firedNs === null || story.concludedAs !== null) continue;
      this.#findings.add(
        'left-open',
        atNs,
        `${icn}, fired at ${seconds(story.firedNs)} s, is open when all is closed.`,
      );
    }
  }

  recorded({ icn, kind, reason }: RecordedNumber): void {
    let story = this.#stories.get(icn);
    if (story === undefined) {
      // The power went between the disk and the controller.
      story = { ...FRESH };
      this.#stories.set(icn, story);
      this.#inOrder(icn, null);
      if (kind !== 'void' || !UNUSED.has(reason ?? '')) {
        this.#findings.add('icn-unknown', null, `The record of ${icn} is ${kind}, but nobody leased it.`);
      }
    }
    story.records += 1;
    if (story.records > 1) {
      this.#findings.add('icn-twice', null, `${icn} has ${String(story.records)} records.`);
      return;
    }
    if (WITHOUT_REASON.has(kind) !== (reason === null)) {
      this.#findings.add('icn-fate', null, `The record of ${icn} is ${kind} with the reason ${reason ?? 'none'}.`);
    }
    const { concludedAs, firedAs } = story;
    // The image may turn out to be no use when it is to be sealed, and a crash may swallow what was concluded.
    if (kind !== (concludedAs ?? 'void') && kind !== 'void') {
      this.#findings.add('icn-fate', null, `${icn} is recorded as ${kind}, concluded as ${concludedAs ?? 'nothing'}.`);
    }
    if (firedAs !== null && UNUSED.has(reason ?? '') && reason === 'lease-unused') {
      this.#findings.add('icn-fate', null, `${icn} was fired as ${firedAs} and is recorded as never used.`);
    }
  }

  /**
   * @param lastLife the last controller that was made
   * @param wasCut it lost its power, and nobody switched it on again: its numbers are accounted for when somebody does
   */
  end(lastLife: number, wasCut: boolean, tolerate: (what: string) => void): void {
    const waits = wasCut && this.#closedLife !== lastLife;
    for (const [icn, { records, firedNs, life }] of this.#stories) {
      if (records > 0) continue;
      if (waits && life === lastLife) {
        tolerate('number: the van was never switched on again');
        continue;
      }
      const fired = firedNs === null ? 'never fired' : `fired at ${seconds(firedNs)} s`;
      this.#findings.add('icn-hole', firedNs, `${icn}, ${fired}, has no record.`);
    }
  }

  /** Each number is one more than the one before; each deployment begins at 001. */
  #inOrder(icn: string, atNs: number | null): void {
    const deployment = icn.slice(0, 6);
    const image = Number(icn.slice(6));
    const highest = this.#highest.get(deployment) ?? 0;
    this.#highest.set(deployment, Math.max(highest, image));
    if (image === highest + 1) return;
    const found = `${icn} follows ${deployment}${String(highest).padStart(3, '0')}`;
    this.#findings.add(image > highest ? 'icn-hole' : 'icn-twice', atNs, `${found}, expected the next number.`);
  }
}

const FRESH: NumberStory = {
  ...{ life: 0, leased: false, firedNs: null, firedAs: null, concludedAs: null, reason: null, records: 0 },
};
