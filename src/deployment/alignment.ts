/**
 * A photo at the start and at the end proves afterwards how camera and beam lay (domain/measurement.md, "Self-tests"). It
 * has a number of its own, kind `alignment`, and is kept like every other image.
 */
import { CONTROLLER } from './events.js';
import type { Icn } from '../evidence/types.js';
import { NS_PER_S, type MonotonicNs } from '../units.js';

const RETRY_NS = 10 * NS_PER_S;

export class AlignmentPhotos {
  private wanted: boolean;
  private awaited: Icn | null = null;
  private notBeforeNs = 0;
  /** Who asked for the one that is due or on its way. */
  by = CONTROLLER;

  /** @param atStart one is due as soon as place, time and camera are known */
  constructor(atStart: boolean) {
    this.wanted = atStart;
  }

  /** Due, or on its way. */
  get isPending(): boolean {
    return this.wanted || this.awaited !== null;
  }

  /** @param by who wants it, for the register */
  ask(by: string): void {
    this.wanted = true;
    this.by = by;
    this.notBeforeNs = 0;
  }

  giveUp(): void {
    this.wanted = false;
    this.awaited = null;
  }

  isDue(nowNs: MonotonicNs): boolean {
    return this.wanted && this.awaited === null && nowNs >= this.notBeforeNs;
  }

  fired(icn: Icn): void {
    this.awaited = icn;
  }

  /** @returns whether this was the number of an alignment photo */
  ended(icn: Icn, matched: boolean, nowNs: MonotonicNs): boolean {
    if (icn !== this.awaited) return false;
    this.awaited = null;
    this.wanted = !matched;
    this.notBeforeNs = nowNs + RETRY_NS;
    return true;
  }
}
