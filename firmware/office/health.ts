/** May the van store evidence now? Several watchers report; the controller is told of each change as a `store` input. */

export type HealthSource = 'store' | 'journal' | 'workshop' | 'disk';

export class StorageHealth {
  readonly #failing = new Map<HealthSource, string>();
  readonly #onChange: (usable: boolean, detail: string) => void;

  constructor(onChange: (usable: boolean, detail: string) => void) {
    this.#onChange = onChange;
  }

  get usable(): boolean {
    return this.#failing.size === 0;
  }

  /** The sentence of the oldest failure, or that all is well. */
  get detail(): string {
    const [first] = this.#failing.values();
    return first ?? 'Evidence is stored.';
  }

  failed(source: HealthSource, sentence: string): void {
    const wasUsable = this.usable;
    this.#failing.set(source, sentence);
    if (wasUsable) this.#onChange(false, sentence);
  }

  recovered(source: HealthSource): void {
    if (this.#failing.delete(source) && this.usable) this.#onChange(true, this.detail);
  }
}
