/** The door of the black box's own language; files of it are `firmware/recording`. */
export { createEntryDecoder, createEntryEncoder, RECORDING_LAYOUT } from './entry-codec.js';
export type { EntryDecoder, EntryEncoder } from './entry-codec.js';
export type { Entry, RecordingHead, Step } from './types.js';
