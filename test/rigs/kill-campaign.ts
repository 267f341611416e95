/**
 * kill -9 under traffic, again and again (`test/end-to-end/kill-nine.test.ts`, `make soak`). One campaign is one printed
 * seed; several vans run side by side, each on a data folder of its own.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../hw-sim/prng.js';
import { KillLedger } from './kill-ledger.js';
import { drawMoments, KILL_MOMENTS, reach, type KillMoment } from './kill-moments.js';
import { childOf, goneWithin } from './kill-processes.js';
import { KillVan } from './kill-van.js';

export interface KillCampaignOptions {
  /** Kills of the controller's own process, over all vans. Kills of its children come on top. */
  readonly kills: number;
  readonly seed: number;
  readonly vans: number;
  readonly onProgress?: (figures: KillFigures) => void;
  /**
   * More that must hold of a data folder after the last orderly close: a sentence for each thing that does not.
   * `kerbside evidence verify` over the whole folder belongs here.
   */
  readonly verify?: (dataDir: string) => Promise<readonly string[]>;
  /** Damages the folder before it is judged: proof that the rig would notice. */
  readonly tamper?: (dataDir: string) => void;
  /** Leave the folder of a van that failed, for whoever has to find out what happened; true unless given. */
  readonly keepFailed?: boolean;
}

export interface KillFigures {
  readonly seed: number;
  kills: number;
  readonly moments: Record<KillMoment, number>;
  readonly childKills: { trigger: number; workshop: number };
  /** Exhibits that were acknowledged before a kill, and numbers that were leased. */
  acknowledged: number;
  numbers: number;
  pulses: number;
  imagesDelivered: number;
  readonly kinds: Record<string, number>;
  lost: number;
  reused: number;
  unaccounted: number;
  /** Spawn until the deployment was open. */
  longestStartMs: number;
  /** The same without the time that it was kept from a processor by what else the machine does; this one is judged. */
  longestOwnStartMs: number;
  starts: number;
  /** Kill of the controller until the last of its children had ended. */
  longestOrphanMs: number;
  wallSeconds: number;
  /** A sentence for everything that does not hold. */
  readonly failures: string[];
}

const MOST_START_MS = 5000;
const MOST_ORPHAN_MS = 5000;
const OBSERVE_EVERY_MS = 100;
const CHILD_KILL_SHARE = 0.4;
/** From the opening on; the sync shot and the first vehicles are within. */
const CHILD_KILL_WITHIN_MS = 3500;
const MOST_CLOSE_MS = 60_000;
/** Two vehicles or so a second, most of them too fast; after a breach the camera needs some seconds. */
const MOST_ENFORCED_MS = 60_000;

/** Longest that a whole campaign of so many kills may take, for a test's timeout. */
export const campaignTimeoutMs = (kills: number): number => 120_000 + kills * 15_000;

export async function killCampaign(options: KillCampaignOptions): Promise<KillFigures> {
  const begin = performance.now();
  const figures: KillFigures = {
    ...{ seed: options.seed, kills: 0, acknowledged: 0, numbers: 0, pulses: 0, imagesDelivered: 0, kinds: {} },
    moments: Object.fromEntries(KILL_MOMENTS.map((moment) => [moment, 0])) as Record<KillMoment, number>,
    childKills: { trigger: 0, workshop: 0 },
    ...{
      lost: 0,
      reused: 0,
      unaccounted: 0,
      longestStartMs: 0,
      longestOwnStartMs: 0,
      starts: 0,
      longestOrphanMs: 0,
      wallSeconds: 0,
    },
    failures: [],
  };
  const progress = (): void => {
    figures.wallSeconds = Math.round((performance.now() - begin) / 1000);
    options.onProgress?.(figures);
  };
  const moments = drawMoments(options.kills, createRandom(options.seed, 'moments'));
  const share = (van: number): KillMoment[] => moments.filter((_, index) => index % options.vans === van);
  await Promise.all(
    Array.from({ length: options.vans }, (_, index) =>
      new Campaign(`van-${index + 1}`, options, figures, progress).run(share(index)),
    ),
  );
  progress();
  return figures;
}

class Campaign {
  readonly #name: string;
  readonly #options: KillCampaignOptions;
  readonly #figures: KillFigures;
  readonly #progress: () => void;
  readonly #random: Random;
  readonly #deployments = new Map<number, number>();
  #doing = 'start';
  #failed = false;

  constructor(name: string, options: KillCampaignOptions, figures: KillFigures, progress: () => void) {
    this.#name = name;
    this.#options = options;
    this.#figures = figures;
    this.#progress = progress;
    this.#random = createRandom(options.seed, `${name} kills`);
  }

  async run(moments: readonly KillMoment[]): Promise<void> {
    const van = await KillVan.start(this.#options.seed, this.#name);
    const ledger = new KillLedger(van.dataDir, van.spool, van.camera.delivered);
    try {
      for (const [index, moment] of moments.entries()) {
        this.#doing = `kill ${index + 1} (${moment})`;
        await this.#cycle(van, ledger, moment);
        this.#progress();
      }
      this.#doing = 'the last close';
      await this.#closeInOrder(van, ledger);
      this.#options.tamper?.(van.dataDir);
      await this.#judge(van, ledger);
    } catch (error) {
      this.#fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      const keep = this.#failed && this.#options.keepFailed !== false;
      await van.dispose(keep);
      if (keep) this.#fail(`the folder is kept: ${van.folder}`);
    }
  }

  /** Start, live until the moment, kill, look. A session that was already closed is closed well, and begun again. */
  async #cycle(van: KillVan, ledger: KillLedger, moment: KillMoment): Promise<void> {
    for (;;) {
      van.run();
      const life = new AbortController();
      const watching = this.#observe(van, ledger, life.signal);
      const killing = this.#killAChild(van, moment, life.signal);
      await reach(moment, van, this.#random);
      const closed = van.ended?.code === 0 && moment === 'closing';
      if (van.ended !== null && !closed) this.#fail(`the controller ended by itself (${ending(van)}):\n${van.stderr}`);
      van.signal('SIGKILL');
      const killedMs = performance.now();
      life.abort();
      await van.exited(10_000);
      await Promise.all([watching, killing]);
      await this.#afterEnd(van, ledger, killedMs);
      if (van.ended?.signal !== 'SIGKILL') continue;
      this.#figures.kills += 1;
      this.#figures.moments[moment] += 1;
      return;
    }
  }

  async #afterEnd(van: KillVan, ledger: KillLedger, killedMs: number): Promise<void> {
    const { startMs, waitedMs, deployment, mark } = van;
    if (startMs !== null) this.#noteStart(startMs, waitedMs);
    if (deployment !== null) this.#deployments.set(van.runCount, deployment);
    const gone = goneWithin(mark, MOST_ORPHAN_MS).then((waitedMs) => {
      if (waitedMs === null) this.#fail(`a child of the killed controller still runs after ${MOST_ORPHAN_MS} ms`);
      else this.#figures.longestOrphanMs = Math.max(this.#figures.longestOrphanMs, performance.now() - killedMs);
    });
    // Half of the time the next controller meets what is left of the children of the last one.
    if (this.#random.uniform() < 0.5) await gone;
    ledger.checkFiles(deployment);
  }

  /** Looks into the store again and again, as `evidence list` would, so that the last look is just before the kill. */
  async #observe(van: KillVan, ledger: KillLedger, life: AbortSignal): Promise<void> {
    while (!life.aborted && van.ended === null) {
      if (van.startMs !== null) await ledger.observe();
      await sleep(OBSERVE_EVERY_MS, undefined, { signal: life }).catch(() => undefined);
    }
  }

  async #killAChild(van: KillVan, moment: KillMoment, life: AbortSignal): Promise<void> {
    const random = this.#random;
    const wanted = random.uniform() < CHILD_KILL_SHARE;
    const room = random.pick(['trigger', 'workshop'] as const);
    const afterMs = random.between(0, CHILD_KILL_WITHIN_MS);
    if (!wanted || moment === 'start-up' || moment === 'recovery') return;
    if (!(await van.until(() => van.startMs !== null || life.aborted, MOST_START_MS))) return;
    await sleep(afterMs, undefined, { signal: life }).catch(() => undefined);
    const pid = life.aborted ? null : childOf(van.mark, room);
    if (pid === null) return;
    try {
      process.kill(pid, 'SIGKILL');
      this.#figures.childKills[room] += 1;
    } catch {
      // It ended by itself in between.
    }
  }

  async #closeInOrder(van: KillVan, ledger: KillLedger): Promise<void> {
    await van.camera.settled();
    van.run();
    if (!(await van.until(() => van.enforcing, 30_000)))
      this.#fail(`not enforcing after the last kill:\n${van.stderr}`);
    await this.#untilEnforced(van, ledger);
    van.signal('SIGTERM');
    await van.exited(MOST_CLOSE_MS);
    if (van.ended?.code !== 0) this.#fail(`not closed in order (${ending(van)}):\n${van.stderr}`);
    await this.#afterEnd(van, ledger, performance.now());
  }

  /** Between kills a vehicle is enforced only by luck; a campaign that saw none would prove nothing. */
  async #untilEnforced(van: KillVan, ledger: KillLedger): Promise<void> {
    const before = ledger.incidents;
    const endMs = performance.now() + MOST_ENFORCED_MS;
    while (van.ended === null && performance.now() < endMs) {
      await ledger.observe();
      if (ledger.incidents > before) return;
      await sleep(OBSERVE_EVERY_MS);
    }
    this.#fail(`no vehicle was enforced within ${MOST_ENFORCED_MS} ms of the last session:\n${van.stderr}`);
  }

  async #judge(van: KillVan, ledger: KillLedger): Promise<void> {
    const pulses = new Map<number, number>();
    for (const [run, deployment] of this.#deployments) pulses.set(deployment, van.pulses.get(run) ?? 0);
    const { lost, reused, unaccounted, numbers, kinds } = await ledger.judge(pulses);
    for (const sentence of [...lost, ...reused, ...unaccounted]) this.#fail(sentence);
    for (const sentence of (await this.#options.verify?.(van.dataDir)) ?? []) this.#fail(sentence);
    const figures = this.#figures;
    figures.lost += lost.length;
    figures.reused += reused.length;
    figures.unaccounted += unaccounted.length;
    figures.numbers += numbers;
    figures.acknowledged += ledger.acknowledged;
    figures.imagesDelivered += van.camera.delivered.size;
    for (const count of van.pulses.values()) figures.pulses += count;
    for (const [kind, count] of Object.entries(kinds)) figures.kinds[kind] = (figures.kinds[kind] ?? 0) + count;
  }

  #noteStart(startMs: number, waitedMs: number): void {
    const figures = this.#figures;
    const ownMs = startMs - waitedMs;
    figures.starts += 1;
    figures.longestStartMs = Math.max(figures.longestStartMs, startMs);
    figures.longestOwnStartMs = Math.max(figures.longestOwnStartMs, ownMs);
    if (ownMs <= MOST_START_MS) return;
    const busy = `load average ${loadavg()[0]?.toFixed(1) ?? '?'} on ${cpus().length} cores`;
    const took = `${Math.round(startMs)} ms, ${Math.round(ownMs)} ms without waiting for a processor`;
    this.#note(`started in ${took}; at most ${MOST_START_MS} allowed (${busy})`);
  }

  #fail(sentence: string): void {
    this.#failed = true;
    this.#note(sentence);
  }

  #note(sentence: string): void {
    this.#figures.failures.push(`${this.#name}, seed ${this.#options.seed}, ${this.#doing}: ${sentence}`);
  }
}

const ending = (van: KillVan): string => van.ended?.signal ?? `exit ${String(van.ended?.code)}`;
