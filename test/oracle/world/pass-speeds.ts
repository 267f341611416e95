/** The passes that were only told of: their speeds against the own estimator. */
import type { Findings } from './findings.js';
import type { PassNote } from './passes.js';
import { seconds } from './settings.js';
import type { Turned } from './turn.js';

/** The two estimators may differ by so much (measurement.md). */
const ESTIMATORS_KMH = 0.1;
const ROUNDING = 1e-9;

export function judgePasses(notes: readonly PassNote[], turned: Turned, findings: Findings): void {
  for (const note of notes) {
    const own = note.own[turned];
    // A pass whose readings went into another test, or is long since forgotten, was never evidence.
    if (note.speedKmh === null || note.kind === 'void' || note.heard !== note.counted) {
      if (note.kind !== 'void' && note.heard !== note.counted) {
        const counted = `${String(note.counted)} readings, ${String(note.heard)} were heard`;
        findings.add(
          'speed-differs',
          note.firstNs,
          `Pass ${String(note.passId)} of life ${String(note.life)} has ${counted}.`,
        );
      }
      continue;
    }
    if (note.tested) {
      findings.add('test-reading', note.firstNs, `Pass ${String(note.passId)} is valid and holds simulated targets.`);
    }
    const said = (): string =>
      `Pass ${String(note.passId)} of life ${String(note.life)} at ${seconds(note.firstNs)} s: ${String(note.speedKmh)} km/h`;
    if (own.speedKmh === null) {
      findings.add('speed-differs', note.firstNs, `${said()}; its readings are ${String(own.clusters)} clusters.`);
    } else if (
      Math.abs(own.speedKmh - note.speedKmh) > ESTIMATORS_KMH ||
      (note.truncatedKmh ?? 0) > own.speedKmh + ROUNDING
    ) {
      findings.add('speed-differs', note.firstNs, `${said()}; its readings make ${own.speedKmh.toFixed(4)} km/h.`);
    }
  }
}
