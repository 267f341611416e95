/** The states of a conversation with a radar, as the controller sees them. */
import { NS_PER_S } from '../units.js';
import type { RadarCondition, RadarEvent } from './reading.js';

export type ConditionReason =
  | 'starting'
  | 'silent'
  | 'radar-error'
  | 'self-test-failed'
  | 'self-test-running'
  | 'settings-refused'
  | 'settings-unconfirmed';

export const refused = (reason: ConditionReason, sentence: string): RadarCondition => ({
  usable: false,
  reason,
  sentence,
  unconfirmed: false,
});

export const CONFIRMED: RadarCondition = {
  usable: true,
  reason: null,
  sentence: 'Radar: settings confirmed, data arriving.',
  unconfirmed: false,
};

export const UNCONFIRMED: RadarCondition = {
  usable: true,
  reason: null,
  sentence: 'Radar: data arriving, but it did not confirm its settings or did not answer the self-test.',
  unconfirmed: true,
};

export const silent = (ageNs: number, limitNs: number): RadarCondition =>
  refused(
    'silent',
    `Radar: no message for ${(ageNs / NS_PER_S).toFixed(1)} s, at most ${limitNs / NS_PER_S} s expected.`,
  );

/** Does this event prove that the radar is alive? Rubbish and broken frames do not: a wrong baud rate yields those. */
export function isLifeSign(event: RadarEvent): boolean {
  if (event.type !== 'discard') return true;
  const { reason } = event.discard;
  return reason === 'untracked' || reason === 'unknown-type' || reason === 'above-ceiling' || reason === 'unit-unknown';
}

export function eventTimeNs(event: RadarEvent): number {
  if (event.type === 'reading') return event.reading.atNs;
  return event.type === 'discard' ? event.discard.atNs : event.atNs;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
