/** Images are tied to triggers by a matched sync shot. Resumes: the next sync shot proves the tie before any vehicle. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

const FAIL = 'Camera: its images are not tied to triggers; a sync shot must match first.';

export const cameraOutOfSync: Check = {
  id: 'camera-out-of-sync',
  rule: 'camera',
  title: 'Images tied to triggers',
  force: 'mandatory',
  source: 'camera',
  resumes: true,
  judge: ({ cameraSynced }) =>
    judged(cameraSynced, cameraSynced ? 'Camera: a sync shot has matched.' : FAIL, {
      value: cameraSynced,
      limit: true,
    }),
};
