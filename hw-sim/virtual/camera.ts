/**
 * The pretend camera in virtual time: as `instruments/camera.ts`, it exposes after its own latency, answers on the strobe
 * line at that moment and counts; its file comes some tenths of a second later.
 */
import { createHash } from 'node:crypto';
import type { OutputLineName, TruthExposure, TruthFile, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_MS } from '../../src/units.js';
import { CAMERA, imageName } from '../instruments/camera.js';
import type { Random } from '../prng.js';
import type { Agenda } from './agenda.js';
import { counterIn, type TinyPictures } from './tiny-pictures.js';

export interface VirtualCameraParts {
  readonly random: Random;
  readonly agenda: Agenda;
  readonly pictures: TinyPictures;
  readonly utcAt: (atNs: number) => number;
  readonly inBeam: (atNs: number) => readonly string[];
  readonly inPicture: (atNs: number) => readonly string[];
  readonly tell: (event: VanEvent) => void;
}

/** From the exposure to the file. */
const DELIVERY_MS = [300, 1500] as const;

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const counterOf = (fileName: string): number => Number(/(\d+)\D*$/.exec(fileName)?.[1] ?? -1);

export class VirtualCamera {
  readonly #parts: VirtualCameraParts;
  readonly exposures: TruthExposure[] = [];
  readonly files: TruthFile[] = [];
  /** SHA-256 of each whole file, by counter. */
  readonly #written = new Map<number, string>();
  #counter = 0;
  #flashLit = false;
  #shutter: 0 | 1 = 0;

  constructor(parts: VirtualCameraParts) {
    this.#parts = parts;
  }

  line(line: OutputLineName, value: 0 | 1, atNs: number): void {
    if (line === 'flash') this.#flashLit = value === 1;
    if (line !== 'shutter' || value === this.#shutter) return;
    this.#shutter = value;
    if (value === 0) return;
    const { agenda, random } = this.#parts;
    const latencyMs = CAMERA.latencyMs + random.between(-1, 1) * CAMERA.jitterMs;
    agenda.add(atNs + latencyMs * NS_PER_MS, (at) => {
      this.#expose(at);
    });
  }

  /** A file has been delivered, as the camera wrote it or not; what it says of itself tells which one it is. */
  delivered(fileName: string, bytes: Uint8Array, atNs: number): void {
    const counter = counterIn(bytes) ?? counterOf(fileName);
    const sha256 = sha256Of(bytes);
    const whole = this.#written.get(counter) === sha256;
    this.files.push({ fileName, sha256, counter, deliveredNs: monotonicNs(atNs), whole });
  }

  #expose(atNs: number): void {
    const { agenda, random, pictures, utcAt, inBeam, inPicture, tell } = this.#parts;
    this.#counter += 1;
    const counter = this.#counter;
    const shown = inPicture(atNs);
    this.exposures.push({ counter, atNs: monotonicNs(atNs), inBeam: inBeam(atNs), inPicture: shown });
    tell({ type: 'line-edge', atNs: monotonicNs(atNs), line: 'strobe', value: 1 });
    agenda.add(atNs + CAMERA.strobePulseMs * NS_PER_MS, (at) => {
      tell({ type: 'line-edge', atNs: monotonicNs(at), line: 'strobe', value: 0 });
    });
    const cameraUtcMs = utcAt(atNs) + CAMERA.clockErrorMs;
    const bytes = pictures({ counter, cameraUtcMs, flash: this.#flashLit, vehicles: shown.length });
    this.#written.set(counter, sha256Of(bytes));
    agenda.add(atNs + random.between(...DELIVERY_MS) * NS_PER_MS, (at) => {
      tell({ type: 'file', atNs: monotonicNs(at), fileName: imageName(counter), bytes });
    });
  }
}
