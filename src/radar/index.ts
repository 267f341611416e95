/** All that the project knows of each radar protocol: `createRadarDriver` is the only door to this folder. */
import { NS_PER_MS } from '../units.js';
import { Agd350Decoder } from './agd350-decoder.js';
import { Agd350Dialogue } from './agd350-dialogue.js';
import { Ops243Decoder } from './ops243-decoder.js';
import { Ops243Dialogue } from './ops243-dialogue.js';
import { Ops243Scale } from './ops243-scale.js';
import type { RadarDriver, RadarProtocol, RadarSettings, RadarTraits } from './reading.js';

/**
 * A pass is over when nothing came for `passGapNs`. The AGD reports a track many times a second. The OPS243 at 20 kHz
 * fills its buffer of 1024 samples every 51 ms and leaves reports out, so it is given longer: a gap that is too short
 * cuts one vehicle into two passes, one that is too long delays the photo of a receding vehicle.
 */
const TRAITS: Readonly<Record<RadarProtocol, RadarTraits>> = {
  agd350: {
    protocol: 'agd350',
    hasTracks: true,
    hasRange: true,
    hasAngle: true,
    passGapNs: 150 * NS_PER_MS,
  },
  ops243: {
    protocol: 'ops243',
    hasTracks: false,
    hasRange: false,
    hasAngle: false,
    passGapNs: 250 * NS_PER_MS,
  },
};

const LINKS: Readonly<Record<RadarProtocol, Pick<RadarSettings, 'baudRate' | 'parity'>>> = {
  agd350: { baudRate: 921_600, parity: 'odd' },
  ops243: { baudRate: 19_200, parity: 'none' },
};

/** What measurement must know of a radar. */
export const radarTraits = (protocol: RadarProtocol): RadarTraits => TRAITS[protocol];

/** Speed and parity of the line as the radar leaves its factory. */
export const defaultLink = (protocol: RadarProtocol): Pick<RadarSettings, 'baudRate' | 'parity'> => LINKS[protocol];

/**
 * Decoder and dialogue for one link. They belong together: what the decoder of an OPS243 makes of a number depends on
 * what its dialogue has commanded and the radar confirmed. Call `decoder.reset()` whenever the link was lost.
 */
export function createRadarDriver(settings: RadarSettings): RadarDriver {
  const traits = radarTraits(settings.protocol);
  if (settings.protocol === 'agd350') {
    return { traits, decoder: new Agd350Decoder(settings), dialogue: new Agd350Dialogue(settings) };
  }
  const scale = new Ops243Scale();
  return { traits, decoder: new Ops243Decoder(settings, scale), dialogue: new Ops243Dialogue(settings, scale) };
}
