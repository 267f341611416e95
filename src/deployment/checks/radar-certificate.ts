/** CAL-1: the certificate of the camera's radar. Does not resume: a new one is imported, and the operator starts anew. */
import type { Check } from '../readiness.js';
import { certified } from './certificate.js';
import { unlessPlanned } from './judge.js';

export const radarCertificate: Check = {
  id: 'radar-certificate',
  rule: 'CAL-1',
  title: 'Certificate of accuracy of the radar',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    certified(facts, 'CAL-1', 'radar', facts.config.equipment.radarSerial, 'radar.serialNumber'),
};
