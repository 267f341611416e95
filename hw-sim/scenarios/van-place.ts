/** Where the van of a scenario stands beside its road. */
import type { ScenarioFile } from './schema.js';

/** Metres to the right of the centreline (which runs between the two directions). */
export function vanRightM(file: ScenarioFile): number {
  const [first] = file.site.lanes;
  if (!first) return 0;
  const near = file.site.lanes.filter((lane) => lane.direction === first.direction);
  const toCentreline = file.van.lateralM - first.widthM / 2 + near.reduce((sum, lane) => sum + lane.widthM, 0);
  const heading = file.van.heading === 'increasing' ? 1 : -1;
  return (file.van.side === 'left' ? -1 : 1) * heading * toCentreline;
}
