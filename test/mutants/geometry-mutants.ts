/** Mutants of the places where a camera may stand: distances by installation, separation, straightness. */
import type { Mutant } from './mutants.js';

const SEPARATION = ['test/site/separation.test.js'];

export const GEOMETRY_MUTANTS: readonly Mutant[] = [
  {
    claim: 'DEP-8, DEP-9: a van keeps the distances of a mobile camera, not those of a static one',
    file: 'src/site/exclusion.js',
    from: 'const { perMonitoredLaneM, beamBinds } = DISTANCES[site.installation];',
    to: 'const { perMonitoredLaneM, beamBinds } = DISTANCES.static;',
    provenBy: ['test/site/placement.test.js'],
  },
  {
    claim: 'DEP-11: at 70 km/h and over static cameras are 2 km away',
    file: 'src/site/separation.js',
    from: 'postedKmh) < fastFromKmh ? slowM : fastM',
    to: 'postedKmh) <= fastFromKmh ? slowM : fastM',
    provenBy: SEPARATION,
  },
  {
    claim: 'DEP-11: the same road is the same id, whatever its name',
    file: 'src/site/separation.js',
    from: 'if (!isOnRoad(site, camera) ||',
    to: 'if (site.road !== camera.roadId ||',
    provenBy: SEPARATION,
  },
  {
    claim: 'DEP-7: a road beyond its survey is not straight',
    file: 'src/site/straightness.js',
    from: 'straight: surveyed &&',
    to: 'straight:',
    provenBy: ['test/site/straightness.test.js'],
  },
];
