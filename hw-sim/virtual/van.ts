/**
 * The pretend van in virtual time: road, radar, receiver, clock, camera, I/O board and operator on one agenda, without
 * waiting. Everything follows from the scenario and the seed; what is done wrong on purpose is done by `lies`.
 *
 * A frame of the radar costs something only while something may be said: with nobody near, no fork and no self-test the
 * next one that is worked out is that of the next heartbeat or of the next vehicle.
 */
import type { OutputLineName, PretendVan, Seen, Truth, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_MS, NS_PER_S, utcMs } from '../../src/units.js';
import { Agd350 } from '../instruments/agd350.js';
import { tpvReport } from '../instruments/gpsd-server.js';
import { Ops243 } from '../instruments/ops243.js';
import type { RadarInstrument } from '../instruments/radar.js';
import { createRandom } from '../prng.js';
import { positionAt } from '../road/geodesy.js';
import { Road } from '../road/road.js';
import type { Scenario } from '../scenarios/load.js';
import { geometryOf } from '../scenarios/load.js';
import { CREW } from '../scenarios/packs.js';
import { RADAR_LINKS, vanRightM } from '../van.js';
import { Agenda } from './agenda.js';
import { Board } from './board.js';
import { VirtualCamera } from './camera.js';
import type { Lies } from './lies.js';
import { Operator } from './operator.js';
import { START_NS, START_UTC_MS } from './start.js';
import { createTinyPictures, type TinyPictures } from './tiny-pictures.js';
import { Traffic } from './traffic.js';
import { truthOf } from './truth.js';

export interface VirtualVanOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly lies: Lies;
}

/** A camera that never enforces does not keep the traffic waiting for ever. */
const TRAFFIC_AT_LATEST_S = 120;
/** The road is empty this long after the last vehicle. */
const EMPTY_AFTER_S = 10;
/** Beyond this vehicles are too small in the picture. */
const SIGHT_M = 350;
/** Bits of a byte on the wire: start, eight, parity or none, stop. */
const WIRE_BITS = { agd350: 11, ops243: 10 } as const;
/** From a command to its answer. */
const ANSWER_MS = 2;

export async function createVirtualVan(options: VirtualVanOptions): Promise<PretendVan> {
  return new VirtualVan(options, await createTinyPictures());
}

class VirtualVan implements PretendVan {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #lies: Lies;
  readonly #agenda = new Agenda();
  readonly #traffic: Traffic;
  /** As the radar sees it: misaligned, perhaps. */
  readonly #seenRoad: Road;
  readonly #radar: RadarInstrument;
  readonly #camera: VirtualCamera;
  readonly #operator: Operator;
  readonly #board: Board;
  readonly #forks: { fromS: number; toS: number; speedKmh: number }[] = [];
  /** Happened, and not yet fetched. */
  readonly #ready: VanEvent[] = [];
  #trafficNs: number | null = null;
  #nextFrameNs: number = START_NS;
  #forkHeld = false;
  #done = false;
  #nowNs: number = START_NS;

  constructor({ scenario, seed, lies }: VirtualVanOptions, pictures: TinyPictures) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#lies = lies;
    const { file, road } = scenario;
    const geometry = geometryOf(file);
    const angleDeg = (geometry.angleDeg + lies.misalignmentDeg) as typeof geometry.angleDeg;
    this.#seenRoad = lies.misalignmentDeg === 0 ? road : new Road({ ...geometry, angleDeg }, road.vehicles);
    this.#traffic = new Traffic(this.#seenRoad);
    const random = createRandom(seed, 'radar');
    // What the instrument says of angles counts from where it looks, wherever that is.
    const radarOptions = { road, random, see: (timeS: number) => this.#echoes(timeS) };
    this.#radar = file.instruments.radar === 'agd350' ? new Agd350(radarOptions) : new Ops243(radarOptions);
    const tell = (event: VanEvent): void => {
      this.#tell(event);
    };
    this.#camera = new VirtualCamera({
      ...{ random: createRandom(seed, 'camera'), agenda: this.#agenda, pictures, tell },
      utcAt: (atNs) => this.#utcAt(atNs),
      inBeam: (atNs) => this.#traffic.inBeam(this.#timeOf(atNs)),
      inPicture: (atNs) => this.#traffic.inPicture(this.#timeOf(atNs), SIGHT_M),
    });
    this.#board = new Board(this.#agenda, tell);
    this.#operator = new Operator({
      ...{ agenda: this.#agenda, isBench: file.deployment === 'bench', tell, onDone: () => (this.#done = true) },
      open: {
        type: 'open',
        site: file.site.code,
        operator: CREW.operatorId,
        lanes: file.site.lanes.filter(({ monitored }) => monitored).map(({ id }) => id),
        heading: file.van.heading,
        lateralM: file.van.lateralM,
      },
      holdFork: (on, atNs) => {
        this.#holdFork(on, atNs);
      },
      turnKey: (on, atNs) => {
        this.#board.turnKey(on, atNs);
      },
      onEnforcing: (atNs) => {
        this.#startTraffic(atNs);
      },
    });
    this.#begin();
  }

  nextNs(): number {
    if (this.#ready.length > 0) return this.#nowNs;
    if (this.#done) return Number.POSITIVE_INFINITY;
    return Math.min(this.#agenda.nextNs, this.#nextFrameNs, this.#lies.nextNs());
  }

  next(): VanEvent | null {
    if (this.#ready.length === 0) this.#advance();
    return this.#ready.shift() ?? null;
  }

  line(line: OutputLineName, value: 0 | 1, atNs: number): void {
    for (const change of this.#lies.line(line, value, monotonicNs(atNs))) {
      if (change.atNs <= atNs) this.#camera.line(change.line, change.value, atNs);
      else this.#agenda.add(change.atNs, (at) => this.#camera.line(change.line, change.value, at));
    }
  }

  radarCommand(bytes: Uint8Array, atNs: number): void {
    const answers = this.#radar.receive(bytes);
    if (answers.length > 0) {
      this.#agenda.add(atNs + ANSWER_MS * NS_PER_MS, (at) => {
        this.#radarSays(answers, at);
      });
    }
    // A self-test may have begun.
    this.#planFrame(Math.max(this.#nowNs, atNs));
  }

  see(seen: Seen, atNs: number): void {
    this.#operator.see(seen, atNs);
  }

  truth(): Truth {
    const startNs = this.#trafficNs ?? this.#nowNs;
    return truthOf({
      ...{ scenario: this.#scenario, seed: this.#seed, seenRoad: this.#seenRoad, lies: this.#lies },
      ...{ startNs, startUtcMs: this.#utcAt(startNs), camera: this.#camera, forks: this.#forks },
    });
  }

  #begin(): void {
    const at = START_NS;
    this.#tell({ type: 'radar-link', atNs: at, up: true, detail: 'pretend radar plugged in' });
    this.#tell({ type: 'gps-link', atNs: at, up: true, detail: 'pretend gpsd speaks' });
    this.#everySecond(at, 0.1, (atNs) => {
      const clock = { utcMs: utcMs(this.#utcAt(atNs)), disciplined: false, uncertaintyMs: null };
      this.#tell({ type: 'clock', atNs: monotonicNs(atNs), ...clock });
    });
    this.#everySecond(at, 0.25, this.#gps());
    if (this.#scenario.file.deployment !== 'bench') this.#board.begin(at);
    this.#operator.begin(at);
    this.#agenda.add(at + TRAFFIC_AT_LATEST_S * NS_PER_S, (atNs) => {
      this.#startTraffic(atNs);
    });
  }

  #gps(): (atNs: number) => void {
    const { site, van } = this.#scenario.file;
    const place = positionAt(site.anchor, van.chainageM, vanRightM(this.#scenario.file));
    const random = createRandom(this.#seed, 'gps');
    return (atNs) => {
      const report = tpvReport({ ...place, altitudeM: site.altitudeM, random }, this.#utcAt(atNs));
      this.#tell({ type: 'gps-line', atNs: monotonicNs(atNs), line: JSON.stringify(report) });
    };
  }

  #everySecond(fromNs: number, offsetS: number, act: (atNs: number) => void): void {
    const again = (atNs: number): void => {
      this.#agenda.add(atNs + NS_PER_S, again);
      act(atNs);
    };
    this.#agenda.add(fromNs + offsetS * NS_PER_S, again);
  }

  /** The earliest thing that is due happens. */
  #advance(): void {
    const atNs = this.nextNs();
    this.#nowNs = Math.max(this.#nowNs, atNs);
    if (this.#agenda.nextNs <= atNs) this.#agenda.takeNext()?.act(atNs);
    else if (this.#lies.nextNs() <= atNs) this.#happen(this.#lies.next());
    else this.#frame(atNs);
  }

  #tell(event: VanEvent): void {
    for (const told of this.#lies.event(event)) this.#happen(told);
  }

  #happen(event: VanEvent): void {
    this.#ready.push(event);
    if (event.type === 'file') this.#noteFile(event);
    if (event.type === 'power-cut') {
      this.#radar.restart();
      this.#agenda.add(event.backNs + NS_PER_S, (at) => {
        this.#operator.powerBack(at);
      });
    }
  }

  #noteFile({ fileName, bytes, atNs }: Extract<VanEvent, { type: 'file' }>): void {
    const told = Buffer.from(bytes).toString('latin1');
    const counter = Number(/exposure (\d+)/.exec(told)?.[1] ?? -1);
    const whole = bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === 0xd9;
    this.#camera.delivered(fileName, bytes, counter, atNs, whole);
  }

  #frame(atNs: number): void {
    const timeS = this.#timeOf(atNs);
    const messages = this.#radar.frame(timeS, this.#utcAt(atNs));
    if (messages.length > 0) this.#radarSays(messages, atNs);
    this.#planFrame(atNs);
  }

  /** Frames keep to their grid, whether they are worked out or not. */
  #planFrame(atNs: number): void {
    const periodNs = this.#radar.framePeriodS * NS_PER_S;
    const wantedNs = Math.max(atNs, Math.min(this.#quietUntilNs(atNs), this.#nextOwnNs(atNs)));
    const grid = Math.floor((wantedNs - START_NS) / periodNs + 1e-6);
    this.#nextFrameNs = START_NS + Math.max(grid, Math.floor((atNs - START_NS) / periodNs + 1e-6) + 1) * periodNs;
  }

  #quietUntilNs(atNs: number): number {
    if (this.#trafficNs === null) return Number.POSITIVE_INFINITY;
    const timeS = this.#timeOf(atNs);
    const lying = this.#lies.echoesUntilS(timeS);
    return this.#trafficNs + Math.min(this.#traffic.nextS(timeS), lying) * NS_PER_S;
  }

  /** When the radar itself has something to say next. */
  #nextOwnNs(atNs: number): number {
    const inMs = this.#radar.nextOwnUtcMs() - this.#utcAt(atNs);
    return atNs + Math.max(0, inMs) * NS_PER_MS;
  }

  #radarSays(messages: readonly Uint8Array[], atNs: number): void {
    const bytes = messages.length === 1 ? (messages[0] as Uint8Array) : Buffer.concat(messages);
    const { radar } = this.#scenario.file.instruments;
    const wireNs = (bytes.length * WIRE_BITS[radar] * NS_PER_S) / RADAR_LINKS[radar].baudRate;
    this.#agenda.add(atNs + wireNs, (at) => {
      this.#tell({ type: 'radar-bytes', atNs: monotonicNs(at), bytes: new Uint8Array(bytes) });
    });
  }

  #echoes(timeS: number) {
    return this.#lies.echoes(this.#trafficNs === null ? [] : this.#traffic.echoes(timeS), timeS);
  }

  #holdFork(on: boolean, atNs: number): void {
    if (on === this.#forkHeld) return;
    this.#forkHeld = on;
    const speedKmh = CREW.forkKmh;
    this.#radar.holdFork(on ? speedKmh : null);
    if (on) this.#forks.push({ fromS: atNs, toS: Number.POSITIVE_INFINITY, speedKmh });
    else (this.#forks.at(-1) as { toS: number }).toS = atNs;
    this.#planFrame(atNs);
  }

  #startTraffic(atNs: number): void {
    if (this.#trafficNs !== null) return;
    this.#trafficNs = atNs;
    const { durationS } = this.#scenario.file;
    this.#lies.begin(atNs);
    this.#agenda.add(atNs + (durationS + EMPTY_AFTER_S) * NS_PER_S, (at) => {
      this.#operator.leave(at);
    });
    this.#planFrame(atNs);
  }

  #timeOf(atNs: number): number {
    return this.#trafficNs === null ? -3600 : (atNs - this.#trafficNs) / NS_PER_S;
  }

  #utcAt(atNs: number): number {
    return START_UTC_MS + (atNs - START_NS) / NS_PER_MS;
  }
}
