/** A driver at one end, a scripted radar at the other, virtual time in between. */
import { createRadarDriver } from '../../src/radar/index.js';
import type { RadarCondition, RadarDriver, RadarEvent, RadarProtocol, RadarSettings } from '../../src/radar/reading.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { asText, atS, latin1, settingsOf } from './support.js';

/** Answers one command with bytes; an empty text is no answer. */
export type Script = (command: string) => string;

const TICK_S = 0.02;

export class Talk {
  readonly driver: RadarDriver;
  readonly sent: string[] = [];
  readonly events: RadarEvent[] = [];
  nowS = 1000;
  script: Script;
  /** Sent by the radar on its own at every tick. */
  stream: (nowS: number) => string = () => '';

  constructor(protocol: RadarProtocol, script: Script, changes: Partial<RadarSettings> = {}) {
    this.driver = createRadarDriver(settingsOf(protocol, changes));
    this.script = script;
  }

  get condition(): RadarCondition {
    return this.driver.dialogue.condition(atS(this.nowS));
  }

  get summary(): string {
    const { usable, reason, unconfirmed } = this.condition;
    return usable ? (unconfirmed ? 'unconfirmed' : 'confirmed') : String(reason);
  }

  linkUp(): this {
    this.driver.dialogue.linkUp(atS(this.nowS));
    this.#exchange();
    return this;
  }

  linkDown(): this {
    this.driver.dialogue.linkDown(atS(this.nowS));
    this.driver.decoder.reset();
    return this;
  }

  /** The radar says something. */
  say(text: string): this {
    this.driver.decoder.push(latin1(text), atS(this.nowS), (event) => {
      this.events.push(event);
      this.driver.dialogue.onEvent(event);
    });
    this.#exchange();
    return this;
  }

  selfTest(): this {
    this.driver.dialogue.startSelfTest(atS(this.nowS));
    this.#exchange();
    return this;
  }

  run(seconds: number): this {
    const endS = this.nowS + seconds;
    while (this.nowS < endS - 1e-9) {
      this.nowS += TICK_S;
      const own = this.stream(this.nowS);
      if (own !== '') this.say(own);
      this.driver.dialogue.tick(atS(this.nowS));
      this.#exchange();
    }
    return this;
  }

  /** Runs until the condition has this summary; the seconds that took, or NaN after `mostS`. */
  until(summary: string, mostS = 60): number {
    const startS = this.nowS;
    while (this.nowS - startS < mostS) {
      if (this.summary === summary) return this.nowS - startS;
      this.run(TICK_S);
    }
    return NaN;
  }

  #exchange(): void {
    for (const bytes of this.driver.dialogue.takeCommands()) {
      const command = asText(bytes);
      this.sent.push(command);
      const answer = this.script(command);
      if (answer !== '') this.say(answer);
    }
  }
}

export const MUTE: Script = () => '';

export const heartbeat = (timeS = 0): string => agdFrameText(`HB,${(timeS % 86400).toFixed(2).padStart(8, '0')}`);

export interface SelfTestScript {
  readonly speeds?: readonly string[];
  readonly ranges?: readonly string[];
  readonly letters?: string;
  readonly complete?: boolean;
}

/** What a radar sends in one run of its self-test. */
export function simulated(direction: string, changes: SelfTestScript = {}): string {
  const { speeds = ['80.0', '80.4', '79.8'], ranges = ['25.0', '24.8', '25.3'] } = changes;
  const letters = changes.letters ?? (direction === 'A' ? 'XXX' : 'YYY');
  const frames = speeds.map((speed, index) =>
    agdFrameText(`04,0000${index}.00,01,${letters[index]!},${speed},K,${ranges[index]!},+00.0,000.0,P,060.0`),
  );
  return frames.join('') + (changes.complete === false ? '' : '#TS:COMPLETE\r');
}

/** An AGD 350 as the printed manual has it. */
export function goodAgd(overrides: Record<string, string> = {}): Script {
  const values: Record<string, string> = { SU: 'M', CT: 'C', DIR: 'A', HBP: '60' };
  return (command) => {
    const body = command.trim();
    const known = overrides[body];
    if (known !== undefined) return known;
    const [, name = '', operator, value = ''] = /^\*([A-Z]+)([=?])(.*)$/.exec(body) ?? [];
    if (name === 'TS') return simulated(value.slice(2));
    if (values[name] === undefined) return '#ERROR unknown command\r';
    if (operator === '=') values[name] = value;
    return `#${name}${operator}${values[name]}${name === 'SU' ? ' Kph' : ''}\r`;
  };
}

/** An OPS243 as AN-010 has it. */
export function goodOps(overrides: Record<string, string> = {}): Script {
  let unit = 'm-per-sec';
  let rateHz = 10_000;
  return (command) => {
    const known = overrides[command];
    if (known !== undefined) return known;
    if (command === 'UK') unit = 'km-per-hr';
    if (command === 'S2') rateHz = 20_000;
    if (command[0] === 'U') return `{"Units":"${unit}"}\r\n`;
    if (command === 'S2' || command === '??')
      return `{"Product":"OPS243"}\r\n{"SamplingRate":${rateHz}, "resolution":0.1}\r\n`;
    return command[0] === 'O' ? `{"OutputFeature":"${command[1]!}"}\r\n` : '';
  };
}
