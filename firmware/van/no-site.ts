/**
 * Stands in where the program wants a site and there is none yet: recovery at the start of the van, and checks of which no
 * site was named. Nothing is ever measured, enforced or recorded at it.
 */
import { NOT_SURVEYED, type Site } from '../../src/site/types.js';
import { kmh, metres } from '../../src/units.js';

export const NO_SITE: Site = {
  code: '-',
  road: '-',
  locality: null,
  version: null,
  ...NOT_SURVEYED,
  limitSource: null,
  zone: 'Pacific/Auckland',
  centreline: [
    { latitude: -41, longitude: 175 },
    { latitude: -41.01, longitude: 175 },
  ],
  lanes: [{ id: '1', direction: 'increasing', widthM: metres(3.5), monitored: true }],
  limitKmh: kmh(50),
  threshold: { speedKmh: kmh(60), authority: '-', date: '2000-01-01' },
  limitDrops: [],
  merges: [],
  temporaryLimit: false,
  school: null,
  deployment: { vanHeading: 'increasing', lateralM: metres(5.25) },
};
