/** The part of johnny-five 2.1.0 that this folder uses; the package brings no types. */
declare module 'johnny-five' {
  import type { EventEmitter } from 'node:events';
  import type Firmata from 'firmata';

  class Board extends EventEmitter {
    constructor(options: { io: Firmata; repl: false; sigint: false; debug: false });
    readonly isReady: boolean;
  }

  class Switch extends EventEmitter {
    /** `NO`: normally open, closes to ground. */
    constructor(options: { board: Board; pin: number; type: 'NO' });
    /** False, too, while nothing is known. */
    readonly isClosed: boolean;
  }

  class Sensor extends EventEmitter {
    constructor(options: { board: Board; pin: string; freq: number });
    /** Last value of the converter; null while nothing is known. */
    readonly raw: number | null;
  }

  class Led {
    constructor(options: { board: Board; pin: number });
    on(): this;
    off(): this;
    /** Changes every `ms`. */
    blink(ms: number): this;
    /** Ends blinking; leaves the lamp as it is. */
    stop(): this;
  }

  const five: {
    readonly Board: typeof Board;
    readonly Switch: typeof Switch;
    readonly Sensor: typeof Sensor;
    readonly Led: typeof Led;
  };
  export type { Board, Led, Sensor, Switch };
  export default five;
}
