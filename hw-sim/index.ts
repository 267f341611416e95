/** The door of the pretend world: all that the simulate command uses of it. */
export type { Judged, Judgement, SeenEvidence, SeenPass } from './judge.js';
export { judge, vehicleOf } from './judge.js';
export { CAMERA } from './instruments/camera.js';
export { SimulationProblem } from './problem.js';
export { positionAt } from './road/geodesy.js';
export type { Scenario } from './scenarios/load.js';
export { CREW, scenarioPacks } from './scenarios/packs.js';
export { knownScenarios, loadScenario } from './scenarios/load.js';
export type { Fault } from './scenarios/schema.js';
export { RADAR_LINKS, Van } from './van.js';
export type { Lies } from './virtual/lies.js';
export { honest } from './virtual/honest.js';
export { START_UTC_MS } from './virtual/start.js';
export { createVirtualVan } from './virtual/van.js';
