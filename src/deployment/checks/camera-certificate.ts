/** CAL-1: the camera's certificate of accuracy. Does not resume: a new one is imported, and the operator starts anew. */
import type { Check } from '../readiness.js';
import { certified } from './certificate.js';
import { unlessPlanned } from './judge.js';

export const cameraCertificate: Check = {
  id: 'camera-certificate',
  rule: 'CAL-1',
  title: 'Certificate of accuracy of the camera',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) => unlessPlanned(facts) ?? certified(facts, 'CAL-1', 'camera', facts.config.camera.id, 'camera.id'),
};
