/** What the image bench and its office process say to each other. */

export interface StageFigures {
  readonly stage: string;
  readonly images: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ImageFigures {
  readonly minutes: number;
  readonly perSecond: number;
  readonly meanBytes: number;
  readonly delivered: number;
  readonly committed: number;
  /** Not committed within `lateMs` of their delivery, or never. */
  readonly late: number;
  readonly lateMs: number;
  /** Most images that were delivered and not yet committed. */
  readonly longestQueue: number;
  readonly stages: readonly StageFigures[];
}

export interface ImageOrder {
  readonly minutes: number;
  readonly perSecond: number;
}

export type FromImageOffice =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly delivered: number; readonly committed: number }
  | { readonly type: 'done'; readonly figures: ImageFigures }
  | { readonly type: 'failed'; readonly sentence: string };
