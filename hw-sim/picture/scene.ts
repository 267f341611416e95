/**
 * One photograph of the pretend road: the kept background of its light, the vehicles that were there at the exposure
 * (farthest first), grain. The camera looks along the radar's beam, so that what was measured is what is seen.
 */
import { createCanvas } from '@napi-rs/canvas';
import type { Canvas } from '@napi-rs/canvas';
import { createRandom } from '../prng.js';
import type { VehicleKind } from '../road/vehicle.js';
import { DIMENSIONS } from '../road/vehicle.js';
import type { RoadPicture } from './background.js';
import { drawBackground } from './background.js';
import { loadFonts } from './brush.js';
import { drawCar } from './car.js';
import type { Light, Lighting } from './light.js';
import { parseColour } from './light.js';
import { Artist } from './mesh.js';
import { drawMotorcycle } from './motorcycle.js';
import { drawTruck } from './truck.js';
import { View } from './view.js';

export interface SceneSettings {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Between the camera's axis and the road: the radar's angle. */
  readonly angleDeg: number;
  readonly road: RoadPicture;
  readonly seed: number;
}

/** A vehicle as the lens finds it; plain data, so that it can be sent to the picture process. */
export interface SeenVehicle {
  readonly kind: VehicleKind;
  readonly colour: string;
  readonly plate: string;
  readonly lengthM: number;
  /** Nearest end, metres ahead of the camera along the road. */
  readonly nearAheadM: number;
  readonly lateralM: number;
  readonly drivesAway: boolean;
}

export interface Shot {
  readonly light: Light;
  readonly flash: boolean;
  readonly vehicles: readonly SeenVehicle[];
  /** Different for each picture: the grain. */
  readonly grainSeed: number;
}

const LENS_HEIGHT_M = 2.0;
const FIELD_DEG = 34;
const PITCH_DEG = 3.2;

export class Studio {
  readonly view: View;
  readonly #settings: SceneSettings;
  readonly #backgrounds = new Map<string, Canvas>();
  readonly #grain: Canvas;

  constructor(settings: SceneSettings) {
    loadFonts();
    this.#settings = settings;
    this.view = new View({
      widthPx: settings.widthPx,
      heightPx: settings.heightPx,
      heightM: LENS_HEIGHT_M,
      yawDeg: settings.angleDeg * settings.road.turn,
      pitchDeg: PITCH_DEG,
      horizontalFieldDeg: FIELD_DEG,
    });
    this.#grain = grainTile(settings.seed);
  }

  #background(lighting: Lighting): Canvas {
    const key = `${lighting.light} ${String(lighting.flash && lighting.light !== 'day')}`;
    const kept = this.#backgrounds.get(key);
    if (kept) return kept;
    const canvas = createCanvas(this.#settings.widthPx, this.#settings.heightPx);
    const random = createRandom(this.#settings.seed, 'scenery');
    drawBackground(canvas.getContext('2d'), this.view, this.#settings.road, lighting, random);
    this.#backgrounds.set(key, canvas);
    return canvas;
  }

  /** Draws backgrounds ahead of the first picture that needs them. */
  prepare(light: Light, flash: boolean): void {
    this.#background({ light, flash, turn: this.#settings.road.turn });
  }

  /** @param shot vehicles in the order in which they are painted, farthest first */
  draw(shot: Shot): Canvas {
    const { widthPx, heightPx, road } = this.#settings;
    const canvas = createCanvas(widthPx, heightPx);
    const brush = canvas.getContext('2d');
    const lighting: Lighting = { light: shot.light, flash: shot.flash, turn: road.turn };
    brush.drawImage(this.#background(lighting), 0, 0);
    for (const vehicle of shot.vehicles) {
      const heading = vehicle.drivesAway ? 1 : -1;
      const rearX = vehicle.drivesAway ? vehicle.nearAheadM : vehicle.nearAheadM + vehicle.lengthM;
      const artist = new Artist(brush, this.view, lighting, { rearX, r: vehicle.lateralM * road.turn, heading });
      const shape = { ...DIMENSIONS[vehicle.kind], lengthM: vehicle.lengthM };
      const paint = parseColour(vehicle.colour);
      if (vehicle.kind === 'truck') drawTruck(artist, shape, paint, vehicle.plate);
      else if (vehicle.kind === 'motorcycle' || vehicle.kind === 'bicycle')
        drawMotorcycle(artist, shape, paint, vehicle.plate);
      else drawCar(artist, vehicle.kind, shape, paint, vehicle.plate);
    }
    this.#develop(canvas, shot);
    return canvas;
  }

  /** Grain and the fall of light towards the corners: what a lens and a sensor do. */
  #develop(canvas: Canvas, shot: Shot): void {
    const brush = canvas.getContext('2d');
    const { widthPx, heightPx } = this.#settings;
    const random = createRandom(shot.grainSeed, 'grain');
    const tile = this.#grain.width;
    brush.globalAlpha = shot.light === 'day' ? 0.05 : 0.09;
    brush.globalCompositeOperation = 'overlay';
    for (let x = -random.uniform() * tile; x < widthPx; x += tile) {
      for (let y = -random.uniform() * tile; y < heightPx; y += tile) brush.drawImage(this.#grain, x, y);
    }
    brush.globalAlpha = 1;
    brush.globalCompositeOperation = 'multiply';
    const radius = Math.hypot(widthPx, heightPx) / 2;
    const vignette = brush.createRadialGradient(
      widthPx / 2,
      heightPx / 2,
      radius * 0.45,
      widthPx / 2,
      heightPx / 2,
      radius,
    );
    vignette.addColorStop(0, '#ffffff');
    vignette.addColorStop(1, shot.light === 'day' ? '#c9c9c9' : '#8a8a8a');
    brush.fillStyle = vignette;
    brush.fillRect(0, 0, widthPx, heightPx);
    brush.globalCompositeOperation = 'source-over';
  }
}

function grainTile(seed: number): Canvas {
  const size = 512;
  const canvas = createCanvas(size, size);
  const brush = canvas.getContext('2d');
  const image = brush.createImageData(size, size);
  const random = createRandom(seed, 'grain tile');
  for (let i = 0; i < image.data.length; i += 4) {
    const level = 128 + 110 * (random.uniform() + random.uniform() - 1);
    image.data[i] = level;
    image.data[i + 1] = level;
    image.data[i + 2] = level;
    image.data[i + 3] = 255;
  }
  brush.putImageData(image, 0, 0);
  return canvas;
}
