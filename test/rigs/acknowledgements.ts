/** What a session has promised, in the order of the promises: whatever comes after, a rig holds the storage to it. */
import type { ExposureKind } from '../../src/evidence/types.js';

export type Acknowledgement =
  /** The controller may use the number. */
  | { readonly type: 'leased'; readonly icn: string }
  /** The trigger of this number is on the disk. */
  | { readonly type: 'journalled'; readonly icn: string }
  /** The exhibit is in the store with its files. */
  | { readonly type: 'committed'; readonly icn: string; readonly kind: ExposureKind; readonly reason: string | null }
  /** The camera's own file may be removed now. */
  | { readonly type: 'forgotten'; readonly sha256: string }
  /** The camera has written an image, and it is on the disk. */
  | { readonly type: 'delivered'; readonly sha256: string };

export type Acknowledge = (what: Acknowledgement) => void;

export const toLine = (what: Acknowledgement): string => `ACK ${JSON.stringify(what)}`;

/** The acknowledgements among the lines that a session program has printed; a line that was cut is none. */
export function fromLines(text: string): Acknowledgement[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('ACK '))
    .map((line) => JSON.parse(line.slice(4)) as Acknowledgement);
}
