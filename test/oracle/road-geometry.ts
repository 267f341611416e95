/**
 * Distances on and beside roads once more, in space instead of in a plane: places are points of the WGS 84 ellipsoid in
 * earth-centred coordinates, edges are straight rods between them. Within a kilometre a rod runs at most 2 cm below the
 * ground. Shares no code with `src/`; inside and outside are told by the winding number, not by counting crossings.
 */

export interface OraclePlace {
  readonly latitude: number;
  readonly longitude: number;
}

type Vector = readonly [number, number, number];

const EQUATOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const radians = (deg: number): number => (deg * Math.PI) / 180;

function inSpace({ latitude, longitude }: OraclePlace): Vector {
  const [sin, cos] = [Math.sin(radians(latitude)), Math.cos(radians(latitude))];
  const square = FLATTENING * (2 - FLATTENING);
  const normal = EQUATOR_M / Math.sqrt(1 - square * sin * sin);
  return [
    normal * cos * Math.cos(radians(longitude)),
    normal * cos * Math.sin(radians(longitude)),
    normal * (1 - square) * sin,
  ];
}

/** Upwards at a place. */
function up({ latitude, longitude }: OraclePlace): Vector {
  const cos = Math.cos(radians(latitude));
  return [cos * Math.cos(radians(longitude)), cos * Math.sin(radians(longitude)), Math.sin(radians(latitude))];
}

export const oracleDistanceM = (from: OraclePlace, to: OraclePlace): number =>
  length(minus(inSpace(to), inSpace(from)));

/** Distance of a point from the rod between two others. */
function fromRodM(point: Vector, start: Vector, end: Vector): number {
  const rod = minus(end, start);
  const [toStart, toEnd] = [minus(start, point), minus(end, point)];
  if (length(rod) === 0 || dot(toStart, rod) >= 0) return length(toStart);
  if (dot(toEnd, rod) <= 0) return length(toEnd);
  return length(cross(toStart, rod)) / length(rod);
}

/** Distance from the boundary of grounds, 0 inside. */
export function oracleGroundsM(corners: readonly OraclePlace[], place: OraclePlace): number {
  const point = inSpace(place);
  const vertical = up(place);
  const rods = corners.map((corner, index): readonly [Vector, Vector] => [
    inSpace(corner),
    inSpace(corners[(index + 1) % corners.length]!),
  ]);
  let winding = 0;
  for (const [start, end] of rods) {
    const [a, b] = [flat(minus(start, point), vertical), flat(minus(end, point), vertical)];
    winding += Math.atan2(dot(cross(a, b), vertical), dot(a, b));
  }
  if (Math.abs(winding) > Math.PI) return 0;
  return Math.min(...rods.map(([start, end]) => fromRodM(point, start, end)));
}

function flat(vector: Vector, vertical: Vector): Vector {
  const height = dot(vector, vertical);
  return minus(vector, [height * vertical[0], height * vertical[1], height * vertical[2]]);
}

/** Farthest that a line's points lie from the rod between its ends. */
export function oracleSagittaM(line: readonly OraclePlace[]): number {
  const points = line.map(inSpace);
  return Math.max(...points.map((point) => fromRodM(point, points[0]!, points.at(-1)!)));
}

/** Widest angle between any two pieces of a line, degrees; for lines that never turn by more than a right angle. */
export function oracleTurnDeg(line: readonly OraclePlace[]): number {
  const points = line.map(inSpace);
  const pieces = points.slice(1).map((point, index) => flat(minus(point, points[index]!), up(line[0]!)));
  let widest = 0;
  for (const one of pieces) {
    for (const other of pieces) widest = Math.max(widest, Math.atan2(length(cross(one, other)), dot(one, other)));
  }
  return (widest * 180) / Math.PI;
}
