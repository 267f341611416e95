/**
 * A controller that a test can read along with: it tells every input back as a notice and obeys single characters in the
 * radar bytes. `f` pulses the shutter for 20 ms, `b` flash then shutter 5 ms later, `c` sends a radar command, `s` asks for
 * a tick in 10 ms, `!` throws.
 */
import type { Controller } from '../../src/controller.js';
import type { Input, Output } from '../../src/timeline.js';
import { plusNs, type MonotonicNs } from '../../src/units.js';

const MS = 1e6;

export class FakeController implements Controller {
  #deadlineNs: MonotonicNs | null = null;

  nextDeadlineNs(): MonotonicNs | null {
    return this.#deadlineNs;
  }

  mayFireSoon(): boolean {
    return false;
  }

  handle(input: Input, out: Output[]): void {
    const { atNs } = input;
    const say = (code: string, sentence: string): void => {
      out.push({ type: 'notice', atNs, level: 'info', code, sentence });
    };
    switch (input.type) {
      case 'radar-bytes': {
        const text = Buffer.from(input.bytes).toString('latin1');
        say('bytes', text);
        for (const character of text) this.#obey(character, atNs, out);
        return;
      }
      case 'radar-link':
        say(input.up ? 'link-up' : 'link-down', input.detail);
        if (input.up) out.push({ type: 'radar-command', bytes: Buffer.from('*HELLO\r') });
        return;
      case 'line-edge':
        say('edge', `${input.line} ${input.value} ${input.atNs}`);
        return;
      case 'tick':
        if (this.#deadlineNs === null || atNs < this.#deadlineNs) return;
        say('tick', `${atNs - this.#deadlineNs}`);
        this.#deadlineNs = null;
        return;
      case 'command':
        say('command', input.command);
        return;
      default:
        return;
    }
  }

  #obey(character: string, atNs: MonotonicNs, out: Output[]): void {
    const line = (name: 'shutter' | 'flash', value: 0 | 1, afterMs: number): void => {
      out.push({ type: 'line', atNs: plusNs(atNs, afterMs * MS), line: name, value });
    };
    if (character === 'f') {
      line('shutter', 1, 0);
      line('shutter', 0, 20);
    } else if (character === 'b') {
      line('flash', 1, 0);
      line('shutter', 1, 5);
      line('flash', 0, 25);
      line('shutter', 0, 25);
    } else if (character === 'c') out.push({ type: 'radar-command', bytes: Buffer.from('*CMD\r') });
    else if (character === 's') this.#deadlineNs = plusNs(atNs, 10 * MS);
    else if (character === '!') throw new Error('the fake controller was told to fail');
  }
}

export const createController = (): Controller => new FakeController();
