/** The road of the geometry table in domain/measurement.md, and vehicles for it. */
import { Road } from '../../hw-sim/road/road.js';
import type { RoadGeometry, Vehicle } from '../../hw-sim/road/vehicle.js';
import { degrees, kmh, metres } from '../../src/units.js';

export const BOOK: RoadGeometry = {
  lanes: ['1', '2', '3', '4'].map((id) => ({
    id,
    direction: id < '3' ? 'increasing' : 'decreasing',
    widthM: metres(3.5),
    monitored: true,
  })),
  vanChainageM: metres(1000),
  vanHeading: 'increasing',
  facing: 'rear',
  side: 'left',
  lateralM: metres(5.25),
  antennaAheadM: metres(0),
  angleDeg: degrees(22.5),
  beamWidthDeg: degrees(5),
};

export const car = (changes: Partial<Vehicle> = {}): Vehicle => ({
  plate: 'CAR1',
  kind: 'car',
  colour: 'red',
  lengthM: metres(4.5),
  laneId: '1',
  direction: 'increasing',
  speedKmh: kmh(100),
  atS: 10,
  lateralShiftM: metres(0),
  ...changes,
});

export const bookRoad = (...vehicles: Vehicle[]): Road => new Road(BOOK, vehicles);
