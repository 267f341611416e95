/** What to break in the product, and what the simulation must then notice. `from` stands exactly once in the compiled file. */
import type { SimulationMutant } from './simulation.js';

export const SIMULATION_MUTANTS: readonly SimulationMutant[] = [
  {
    claim: 'the speed along the road is divided by the cosine of the angle of sight',
    file: 'src/measurement/sight-angle.js',
    from: 'radialKmh / Math.cos(toRadians(sightDeg))',
    to: 'radialKmh / Math.cos(toRadians(sightDeg * 1.1))',
  },
];
