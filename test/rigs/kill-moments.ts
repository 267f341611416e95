/** When to kill: moments spread over the life of a session, each met by what the van itself shows from outside. */
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../hw-sim/prng.js';
import type { KillVan } from './kill-van.js';

/** Each with its share of the draws. */
const SHARES = {
  /** Node starts, the store opens, processes start. */
  'start-up': 3,
  /** What the last kill left open is brought to an end. */
  recovery: 3,
  /** The deployment has just opened, the first numbers are leased. */
  lease: 2,
  /** The sync shot and what comes before it. */
  arming: 2,
  fire: 4,
  delivery: 4,
  sealing: 4,
  traffic: 4,
  closing: 3,
} as const;

export type KillMoment = keyof typeof SHARES;

export const KILL_MOMENTS = Object.keys(SHARES) as KillMoment[];

/** Longest wait for what a moment waits for; then the kill comes all the same. */
const PATIENCE_MS = 12_000;

/**
 * The moments of a whole campaign, in a drawn order: every one comes in its share, also where they are few.
 * @param random draws the order
 */
export function drawMoments(kills: number, random: Random): KillMoment[] {
  const deck = KILL_MOMENTS.flatMap((moment) => Array.from({ length: SHARES[moment] }, () => moment));
  const drawn: KillMoment[] = [];
  while (drawn.length < kills) {
    const shuffled = deck.map((moment) => ({ moment, rank: random.uniform() })).sort((a, b) => a.rank - b.rank);
    // The first of each kind come first, so that a short campaign has seen them all.
    const seen = new Set<KillMoment>();
    const firsts = shuffled.filter(({ moment }) => !seen.has(moment) && seen.add(moment));
    drawn.push(...[...firsts, ...shuffled.filter((draw) => !firsts.includes(draw))].map(({ moment }) => moment));
  }
  return drawn.slice(0, kills);
}

/** Resolves at the moment; the van was just started. Earlier where the controller has ended by itself. */
export async function reach(moment: KillMoment, van: KillVan, random: Random): Promise<void> {
  const pause = (low: number, high: number): Promise<void> => sleep(random.between(low, high));
  const opened = (): Promise<boolean> => van.until(() => van.startMs !== null, PATIENCE_MS);
  const armed = (): Promise<boolean> => van.until(() => van.enforcing, PATIENCE_MS);
  switch (moment) {
    case 'start-up':
      return pause(0, 650);
    case 'recovery':
      await firstWrite(van);
      return pause(0, 120);
    case 'lease':
      await opened();
      return pause(0, 60);
    case 'arming':
      await opened();
      return pause(0, 2500);
    case 'fire':
      if (random.uniform() < 0.7) await armed();
      await nextOf(van, (call) => (van.onPulse = call));
      return pause(0, 30);
    case 'delivery':
      if (random.uniform() < 0.7) await armed();
      await nextOf(van, (call) => (van.camera.onDelivery = call));
      return pause(0, 80);
    case 'sealing':
      if (random.uniform() < 0.7) await armed();
      await nextFile(van);
      return pause(0, 60);
    case 'traffic':
      await armed();
      return pause(0, 5000);
    case 'closing':
      await opened();
      if (random.uniform() < 0.7) await armed();
      if (random.uniform() < 0.7) await nextOf(van, (call) => (van.onPulse = call));
      await pause(0, 150);
      van.signal('SIGTERM');
      return pause(0, 400);
  }
}

async function nextOf(van: KillVan, listen: (call: () => void) => void): Promise<void> {
  let came = false;
  listen(() => (came = true));
  await van.until(() => came, PATIENCE_MS);
  listen(() => undefined);
}

/** The first change in the data folder: the store has just been opened. */
async function firstWrite(van: KillVan): Promise<void> {
  if (!existsSync(van.dataDir)) return;
  let came = false;
  const watcher = watch(van.dataDir, () => (came = true));
  await van.until(() => came, PATIENCE_MS);
  watcher.close();
}

/** The next file that the workshop begins or ends in the folder of the deployment. */
async function nextFile(van: KillVan): Promise<void> {
  if (!(await van.until(() => van.deployment !== null, PATIENCE_MS))) return;
  const folder = join(van.dataDir, 'evidence', String(van.deployment).padStart(6, '0'));
  const files = (): string => (existsSync(folder) ? readdirSync(folder).join() : '');
  const before = files();
  await van.until(() => files() !== before, PATIENCE_MS);
}
