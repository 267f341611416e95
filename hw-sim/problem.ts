/**
 * What the pretend world refuses, as one sentence. `hw-sim/` may not import the error class of the firmware (it must
 * not share code with what it tests); the simulate command turns this into the error that people see.
 */
export class SimulationProblem extends Error {
  constructor(sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = 'SimulationProblem';
  }
}
