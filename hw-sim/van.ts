/**
 * The pretend van: the road, the instruments on their wires and sockets, the faults by time. It starts the traffic when
 * it is told to, and keeps the ground truth for whoever judges afterwards.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../src/ports/index.js';
import { NS_PER_S } from '../src/units.js';
import { systemClock } from './clock.js';
import { Agd350 } from './instruments/agd350.js';
import type { Exposure } from './instruments/camera.js';
import { Camera, CAMERA, imageName } from './instruments/camera.js';
import { IoBoard } from './instruments/io-board.js';
import { GpsdServer } from './instruments/gpsd-server.js';
import { LinesClient } from './instruments/lines-client.js';
import { Ops243 } from './instruments/ops243.js';
import { PtyWire } from './instruments/pty-wire.js';
import { RADAR_LINKS, type RadarInstrument } from './instruments/radar.js';
import { PictureClient } from './picture/picture-client.js';
import type { SceneSettings } from './picture/scene.js';
import { createRandom } from './prng.js';
import { positionAt } from './road/geodesy.js';
import type { Road } from './road/road.js';
import { vanRightM } from './scenarios/van-place.js';
import type { Scenario } from './scenarios/load.js';
import { REAL_TIME_FAULTS, type Fault, type ScenarioFile } from './scenarios/schema.js';
import { SimulationProblem } from './problem.js';

export interface VanOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Name of the radar's serial device, made by the van. */
  readonly radarPath: string;
  /** Name of the I/O board's serial device, made by the van. */
  readonly ioBoardPath: string;
  readonly linesSocket: string;
  readonly cameraFolder: string;
  readonly onFault: (fault: Fault, begins: boolean) => void;
  readonly clock?: Clock;
}

const NEW_ZEALAND_STANDARD_MINUTES = 720;
/** Beyond this vehicles are too small to be worth drawing. */
const SIGHT_M = 350;

export class Van {
  readonly #options: VanOptions;
  readonly #clock: Clock;
  readonly #radar: RadarInstrument;
  readonly #wire: PtyWire;
  readonly #gps: GpsdServer;
  readonly #camera: Camera;
  readonly #lines: LinesClient;
  readonly #board: IoBoard;
  #pictures: PictureClient | null = null;
  #timers: NodeJS.Timeout[] = [];
  #trafficNs: number | null = null;
  gpsPort = 0;

  private constructor(options: VanOptions) {
    const { scenario, seed } = options;
    const { file, road } = scenario;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const random = createRandom(seed, 'radar');
    this.#radar = file.instruments.radar === 'agd350' ? new Agd350({ road, random }) : new Ops243({ road, random });
    this.#wire = new PtyWire({
      devicePath: options.radarPath,
      ...RADAR_LINKS[file.instruments.radar],
      clock: this.#clock,
      onBytes: (bytes) => {
        for (const answer of this.#radar.receive(bytes)) this.#wire.send(answer);
      },
    });
    this.#gps = new GpsdServer({
      clock: this.#clock,
      random: createRandom(seed, 'gps'),
      ...positionAt(file.site.anchor, file.van.chainageM, vanRightM(file)),
      altitudeM: file.site.altitudeM,
    });
    this.#camera = new Camera({
      clock: this.#clock,
      random: createRandom(seed, 'camera'),
      setStrobe: (value) => {
        this.#lines.set('strobe', value);
      },
      expose: (exposure) => {
        this.#photograph(exposure);
      },
    });
    // Park lights on at any hour: the scenario's light is pretended, the sun over its place is not.
    this.#board = new IoBoard({ devicePath: options.ioBoardPath, clock: this.#clock });
    this.#board.set('parkLights', true);
    this.#board.set('flashReady', true);
    this.#lines = new LinesClient(options.linesSocket, this.#clock, (message) => {
      this.#camera.onLine(message);
    });
  }

  /** Everything is plugged in and runs; the road is still empty. */
  static async start(options: VanOptions): Promise<Van> {
    refuseVirtual(options.scenario.file);
    mkdirSync(options.cameraFolder, { recursive: true });
    mkdirSync(dirname(options.radarPath), { recursive: true });
    const van = new Van(options);
    try {
      van.gpsPort = await van.#gps.listen();
      van.#pictures = await PictureClient.start({
        type: 'setup',
        scene: sceneOf(options.scenario, options.seed),
        folder: options.cameraFolder,
        identity: { ...CAMERA, offsetMinutes: NEW_ZEALAND_STANDARD_MINUTES },
        lights: [...new Set(options.scenario.file.light.map((phase) => phase.light))],
      });
      van.#wire.plug();
      van.#board.plug();
      van.#lines.connect();
      van.#runRadar();
    } catch (error) {
      await van.stop();
      throw error;
    }
    return van;
  }

  /** A fork is held before the radar's antenna; null: it is taken away. */
  holdFork(speedKmh: number | null): void {
    this.#radar.holdFork(speedKmh);
  }

  turnArmKey(on: boolean): void {
    this.#board.set('armKey', on);
  }

  /** The road fills from now on. @returns the monotonic time of second 0 of the scenario */
  startTraffic(): number {
    const startNs = this.#clock.monotonicNs();
    this.#trafficNs = startNs;
    for (const fault of this.#options.scenario.file.faults) {
      this.#at(fault.fromS, () => {
        this.#fault(fault, true);
      });
      this.#at(fault.toS, () => {
        this.#fault(fault, false);
      });
    }
    return startNs;
  }

  /** Seconds of the scenario; negative before the traffic started. */
  get timeS(): number {
    return this.#timeOf(this.#clock.monotonicNs());
  }

  /** Exposures the camera has made, and files it still owes. */
  get exposures(): number {
    return this.#camera.exposures;
  }
  get undelivered(): number {
    return this.#pictures?.undelivered ?? 0;
  }
  get failure(): string | null {
    return this.#pictures?.failure ?? null;
  }

  /** Descriptors that no process started now may inherit: they would keep a pulled cable alive. */
  get descriptors(): readonly number[] {
    return [...this.#wire.descriptors, ...this.#board.descriptors];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#camera.close();
    this.#lines.close();
    this.#wire.unplug();
    this.#board.unplug();
    await Promise.all([this.#gps.close(), this.#pictures?.stop()]);
  }

  #timeOf(atNs: number): number {
    // Before the start of traffic the road's vehicles are long before their time: nobody is there.
    return this.#trafficNs === null ? -3600 : (atNs - this.#trafficNs) / NS_PER_S;
  }

  #at(timeS: number, action: () => void): void {
    this.#timers.push(setTimeout(action, timeS * 1000));
  }

  /** Frames on a fixed grid: a late timer does not make the radar slower. */
  #runRadar(): void {
    const periodNs = this.#radar.framePeriodS * NS_PER_S;
    let dueNs: number = this.#clock.monotonicNs();
    this.#timers.push(
      setInterval(() => {
        const nowNs = this.#clock.monotonicNs();
        if (nowNs < dueNs) return;
        dueNs = nowNs - dueNs > 5 * periodNs ? nowNs + periodNs : dueNs + periodNs;
        for (const message of this.#radar.frame(this.#timeOf(nowNs), this.#clock.utcMs())) this.#wire.send(message);
      }, 1),
    );
  }

  #photograph(exposure: Exposure): void {
    const { scenario, seed } = this.#options;
    const timeS = this.#timeOf(exposure.atNs);
    this.#pictures?.order({
      fileName: imageName(exposure.counter),
      cameraUtcMs: exposure.cameraUtcMs,
      light: scenario.lightAt(Math.max(0, timeS)),
      flash: exposure.flash,
      grainSeed: seed + exposure.counter,
      vehicles: scenario.road.within(timeS, SIGHT_M).map((place) => ({
        kind: place.vehicle.kind,
        colour: place.vehicle.colour,
        plate: place.vehicle.plate,
        lengthM: place.vehicle.lengthM,
        nearAheadM: place.nearAheadM,
        lateralM: place.lateralM,
        drivesAway: place.awayMs > 0,
      })),
    });
  }

  #fault(fault: Fault, begins: boolean): void {
    if (fault.kind === 'radar-unplugged') {
      if (begins) this.#wire.unplug();
      else {
        // The cable carries the power, too.
        this.#radar.restart();
        this.#wire.plug();
      }
    } else if (fault.kind === 'board-unplugged') {
      if (begins) this.#board.unplug();
      else this.#board.plug();
    } else if (fault.kind === 'tailgate-half-way') this.#board.set('tailgateClosed', !begins);
    else if (fault.kind === 'gps-no-fix') this.#gps.reception = begins ? 'no-fix' : 'fix';
    else this.#gps.reception = begins ? 'silent' : 'fix';
    this.#options.onFault(fault, begins);
  }
}

function sceneOf({ file, road }: Scenario, seed: number): SceneSettings {
  const { widthPx, heightPx, angleDeg } = file.instruments;
  const edges = laneEdges(road);
  return {
    widthPx,
    heightPx,
    angleDeg,
    seed,
    road: {
      turn: (file.van.side === 'left') === (file.van.facing === 'rear') ? -1 : 1,
      edgeLinesM: [edges[0] ?? 3.5, edges.at(-1) ?? 10.5],
      nearEdgeM: (edges[0] ?? 3.5) - 0.5,
      // The far shoulder is sealed and wide.
      farEdgeM: (edges.at(-1) ?? 10.5) + 3.2,
      boundaries: file.site.lanes.slice(1).map((lane, index) => ({
        lateralM: edges[index + 1] as number,
        opposing: lane.direction !== file.site.lanes[index]?.direction,
      })),
    },
  };
}

/** Lateral positions of all lane edges, nearest first. */
function laneEdges(road: Road): number[] {
  const { lanes } = road.geometry;
  const far = lanes.map((lane) => road.laneLateralM(lane.id) + lane.widthM / 2);
  const [first] = lanes;
  return first ? [road.laneLateralM(first.id) - first.widthM / 2, ...far] : [];
}

/** What cannot be done to the instruments in real time is never left out in silence. @throws SimulationProblem */
function refuseVirtual({ faults }: ScenarioFile): void {
  const known: readonly string[] = REAL_TIME_FAULTS;
  const other = faults.find(({ kind, amount }) => !known.includes(kind) || amount !== undefined);
  if (other === undefined) return;
  throw new SimulationProblem(
    `fault ${other.kind} is for virtual time (--virtual); in real time expected one of ${known.join(', ')}, without amount.`,
  );
}
