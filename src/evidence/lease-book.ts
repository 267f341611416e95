/**
 * The numbers that may be used now. The office leases them durably before they come here (processes.md, "ICN leases
 * and the pulse"); each is taken once. No number, no enforcement.
 */
import { NS_PER_S, type MonotonicNs } from '../units.js';
import type { Icn } from './types.js';

const LEASE_SIZE = 8;
const ASK_BELOW = 5;
/** An unanswered request is repeated; a second lease does no harm, a lost one would stop the camera. */
const ASK_AGAIN_NS = 2 * NS_PER_S;

export class LeaseBook {
  private readonly free: Icn[] = [];
  private askedNs: MonotonicNs | null = null;

  add(icns: readonly Icn[]): void {
    this.free.push(...icns);
    this.askedNs = null;
  }

  get count(): number {
    return this.free.length;
  }

  take(): Icn | null {
    return this.free.shift() ?? null;
  }

  /** How many numbers to ask for now; 0: none. */
  toRequest(nowNs: MonotonicNs): number {
    if (this.free.length >= ASK_BELOW) return 0;
    if (this.askedNs !== null && nowNs - this.askedNs < ASK_AGAIN_NS) return 0;
    this.askedNs = nowNs;
    return LEASE_SIZE;
  }
}
