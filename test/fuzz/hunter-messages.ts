/** What the watching and the hunting thread say to each other. */

export type Task =
  | {
      readonly type: 'search';
      readonly minutes: number;
      readonly seed: number;
      readonly keep: boolean;
      readonly only: readonly string[];
    }
  | { readonly type: 'one'; readonly target: string; readonly bytes: Uint8Array };

export interface HunterStart {
  readonly targetsUrl: string;
  readonly task: Task;
  readonly corpusFolder: string;
  /** Index of the first reader to be searched. */
  readonly from: number;
  readonly memory: SharedArrayBuffer;
}

export type FromHunter =
  | { readonly type: 'said'; readonly sentence: string }
  | { readonly type: 'failed'; readonly target: string; readonly bytes: Uint8Array; readonly trace: string }
  | { readonly type: 'done' };
