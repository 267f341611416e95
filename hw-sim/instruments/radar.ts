/** What the van needs of a pretend radar, whichever it is: bytes for an instant, and answers to what the host says. */
export interface RadarInstrument {
  /** Seconds between two frames. */
  readonly framePeriodS: number;
  /**
   * Everything the radar says at this instant, one element a message.
   * @param timeS seconds since the start of traffic; negative before it
   * @param utcMs the radar's own clock
   */
  frame(timeS: number, utcMs: number): Uint8Array[];
  /**
   * When it says something of its own accord next, on its own clock: -Infinity while every frame has something to say
   * (a self-test, a fork), Infinity when only echoes make it speak.
   */
  nextOwnUtcMs(): number;
  /** Bytes from the host; answers come back at once, one element a message. */
  receive(bytes: Uint8Array): Uint8Array[];
  /** A tuning fork is held before the antenna; null: it is taken away. @param speedKmh that it stands for */
  holdFork(speedKmh: number | null): void;
  /** Power was cut: settings fall back to those at switching on. */
  restart(): void;
}

/** Line settings of the real instruments; the controller's configuration must say the same. */
export const RADAR_LINKS = {
  agd350: { baudRate: 921600, parity: 'odd' },
  ops243: { baudRate: 19200, parity: 'none' },
} as const;
