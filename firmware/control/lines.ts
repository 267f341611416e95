/** Cuts a stream into lines, and never keeps more of one than it was told to. */

export class LineReader {
  #rest = '';
  #overlong = false;

  constructor(private readonly longest: number) {}

  /** True while the beginning of a line waits for its end. */
  get isHalfway(): boolean {
    return this.#rest !== '' || this.#overlong;
  }

  /** @returns the lines that are whole now; null stands for one that was too long */
  push(chunk: string): (string | null)[] {
    const parts = chunk.split('\n');
    const lines: (string | null)[] = [];
    parts.forEach((part, index) => {
      this.#take(part);
      if (index === parts.length - 1) return;
      if (this.#overlong) lines.push(null);
      else if (this.#rest.trim() !== '') lines.push(this.#rest);
      this.#rest = '';
      this.#overlong = false;
    });
    return lines;
  }

  #take(part: string): void {
    if (this.#overlong) return;
    this.#rest += part;
    if (this.#rest.length <= this.longest) return;
    this.#overlong = true;
    this.#rest = '';
  }
}
