/** The camera's ready line. Resumes: the camera says when it can again. */
import type { Check } from '../readiness.js';
import { judged, notApplicable } from './judge.js';

export const cameraNotReady: Check = {
  id: 'camera-not-ready',
  rule: 'camera',
  title: "Camera's ready line",
  force: 'mandatory',
  source: 'lines',
  resumes: true,
  judge({ config, lines }) {
    if (!config.camera.hasReadyLine) return notApplicable('Camera: no ready line is wired.');
    const ready = lines.ready === 1;
    const sentence = ready ? 'Camera: its ready line says yes.' : 'Camera: its ready line says no.';
    return judged(ready, sentence, { value: lines.ready, limit: 1 });
  },
};
