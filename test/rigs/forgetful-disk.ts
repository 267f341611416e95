/** A disk with a cache that forgets: what was written is kept for certain only after a flush, or when the write asked for it. */

export const SECTOR_BYTES = 512;

export class ForgetfulDisk {
  #durable: Buffer;
  #current: Buffer;
  readonly #dirty = new Set<number>();
  #dead = false;

  constructor(content: Buffer) {
    this.#durable = Buffer.from(content);
    this.#current = Buffer.from(content);
  }

  get bytes(): number {
    return this.#current.length;
  }

  /** The power is off: whatever is asked fails. */
  get isDead(): boolean {
    return this.#dead;
  }

  get unflushedSectors(): number {
    return this.#dirty.size;
  }

  read(offset: number, length: number): Buffer {
    return this.#current.subarray(offset, offset + length);
  }

  /** @param through it is on the disk when this returns (FUA) */
  write(offset: number, data: Uint8Array, through: boolean): void {
    this.#current.set(data, offset);
    for (let sector = Math.floor(offset / SECTOR_BYTES); sector * SECTOR_BYTES < offset + data.length; sector++) {
      if (through) this.#keep(sector);
      else this.#dirty.add(sector);
    }
  }

  flush(): void {
    for (const sector of this.#dirty) this.#keep(sector);
  }

  /** @param survives whether a sector that was not flushed is on the disk all the same */
  cut(survives: () => boolean): void {
    for (const sector of this.#dirty) if (survives()) this.#keep(sector);
    this.#dead = true;
  }

  /** The power is back. */
  revive(): void {
    this.#current = Buffer.from(this.#durable);
    this.#dirty.clear();
    this.#dead = false;
  }

  #keep(sector: number): void {
    const from = sector * SECTOR_BYTES;
    this.#current.copy(this.#durable, from, from, from + SECTOR_BYTES);
    this.#dirty.delete(sector);
  }
}
