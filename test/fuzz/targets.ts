/**
 * Every reader of bytes that somebody else wrote. Each may refuse in the house's own way, with one sentence; anything else
 * that is thrown is a defect. There is no reader of exports yet: they come with the command that makes them.
 */
import type { FuzzTarget } from './target.js';
import { createBench, evidenceTargets } from './targets/evidence.js';
import { instrumentTargets } from './targets/instruments.js';
import { pictureTargets } from './targets/pictures.js';
import { recordingTargets } from './targets/recordings.js';
import { textTargets } from './targets/texts.js';

/** Known without making their seeds, which takes seconds. */
export const TARGET_NAMES: readonly string[] = [
  ...['agd350', 'ops243', 'gpsd', 'io-board', 'simulated-lines'],
  ...['jpeg', 'camera-notes', 'splice', 'original', 'seal', 'cbor'],
  ...['record-exposure', 'record-event', 'record-deployment', 'record-parameters'],
  ...['cms', 'cms-verified', 'der-signature', 'certificate', 'pem', 'chain-file'],
  ...['exhibit-record', 'exhibit-image', 'exhibit-signature', 'pack-content', 'pack-signed', 'pack-file'],
  ...['recording-entry', 'recording-block', 'recording-file', 'journal-file', 'journal-entry'],
  ...['configuration', 'site-file', 'scenario', 'control-request', 'control-lines'],
];

/** In the order of their names above. */
export async function createTargets(): Promise<readonly FuzzTarget[]> {
  const bench = await createBench();
  return [
    ...instrumentTargets(),
    ...(await pictureTargets(bench.signer)),
    ...(await evidenceTargets(bench)),
    ...recordingTargets(),
    ...textTargets(),
  ];
}
