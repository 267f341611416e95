/** Where the time of a seal job goes; the figures end up in docs/performance.md. */

/** How long each stage of a job took, milliseconds. */
export class StageTimer {
  readonly stageMs: Record<string, number> = {};

  run<T>(stage: string, work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      this.stageMs[stage] = (this.stageMs[stage] ?? 0) + performance.now() - start;
    }
  }

  async wait<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.stageMs[stage] = (this.stageMs[stage] ?? 0) + performance.now() - start;
    }
  }
}
