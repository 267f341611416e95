/**
 * Before anything is issued the camera has proven itself: a sync shot of this life came back as it should, and after a breach
 * of the matching rules another one (imaging.md, "Tying an image to its trigger", rules 4 and 7).
 */
import type { ConcludedExposure, ExposureStart } from '../../../src/evidence/types.js';
import type { Findings } from './findings.js';
import { seconds } from './settings.js';

/** Reasons that say that camera and controller no longer count alike. */
const BREACHES = new Set([
  ...['strobe-missed', 'image-missed', 'counter-mismatch', 'camera-clock-mismatch', 'serial-mismatch'],
  ...['duplicate-counter', 'image-unusable', 'sync-failed', 'late-image', 'no-trigger'],
]);

export class CameraProof {
  readonly #findings: Findings;
  /** Why nothing may be issued; null: the camera is proven. */
  #unproven: string | null = NEVER;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  newLife(): void {
    this.#unproven = NEVER;
  }

  fired({ icn, kind, atNs }: ExposureStart): void {
    if (kind !== 'incident' || this.#unproven === null) return;
    this.#findings.add('fire-unsynced', atNs, `${icn} is fired at ${seconds(atNs)} s, but ${this.#unproven}.`);
  }

  concluded({ icn, kind, reason, concludedNs }: ConcludedExposure): void {
    if (kind === 'sync') this.#unproven = null;
    else if (reason !== null && BREACHES.has(reason)) {
      this.#unproven = `since ${icn} was concluded as ${kind}, ${reason}, at ${seconds(concludedNs)} s no sync shot has matched`;
    }
  }
}

const NEVER = 'no sync shot of this life has matched';
