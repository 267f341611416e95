/** Who looks on while a simulation runs in virtual time: the recording, the judge, the counter of progress. */
import type { RecordingHead } from '../../src/recording/types.js';
import type { Input, Output } from '../../src/timeline.js';

export interface Onlooker {
  /** A controller begins its life. */
  begun(head: RecordingHead): void;
  /** @param outputs valid during the call alone */
  step(life: number, input: Input, outputs: readonly Output[]): void;
  /** It has ended, in order or not. */
  ended(life: number): void;
}
