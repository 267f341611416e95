/**
 * The pretend van in virtual time: road, radar, receiver, clock, camera, I/O board and operator on one agenda, without
 * waiting. Everything follows from the scenario and the seed; what is done wrong on purpose is done by `lies`.
 */
import type { OutputLineName, PretendVan, Seen, Truth, VanEvent } from '../../src/ports/pretend.js';
import { degrees, monotonicNs, NS_PER_MS, NS_PER_S, utcMs } from '../../src/units.js';
import { Agd350 } from '../instruments/agd350.js';
import { Ops243 } from '../instruments/ops243.js';
import { RADAR_LINKS } from '../instruments/radar.js';
import { createRandom } from '../prng.js';
import type { Echo } from '../road/beam.js';
import { positionAt } from '../road/geodesy.js';
import { Road } from '../road/road.js';
import type { Scenario } from '../scenarios/load.js';
import { geometryOf } from '../scenarios/load.js';
import { CREW } from '../scenarios/packs.js';
import { vanRightM } from '../scenarios/van-place.js';
import { Agenda } from './agenda.js';
import { Board } from './board.js';
import { VirtualCamera } from './camera.js';
import type { Lies } from './lies.js';
import { Operator } from './operator.js';
import { VirtualRadar } from './radar.js';
import { Receiver } from './receiver.js';
import { START_NS, virtualStartUtcMs } from './start.js';
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
/** The road is empty so long after the last vehicle is out of sight; one that creeps is not waited for longer than that. */
const EMPTY_AFTER_S = 3;
const LONGEST_WAIT_S = 60;
/** The system clock is read between two reports of the receiver. */
const CLOCK_READ_AT_S = 0.6;
const RADAR_OFF_S = 3;

export function createVirtualVan(options: VirtualVanOptions): PretendVan {
  return new VirtualVan(options, createTinyPictures());
}

class VirtualVan implements PretendVan {
  readonly #options: VirtualVanOptions;
  readonly #agenda = new Agenda();
  /** As the beam really looks: misaligned, perhaps. */
  readonly #road: Road;
  readonly #traffic: Traffic;
  readonly #radar: VirtualRadar;
  readonly #receiver: Receiver;
  readonly #camera: VirtualCamera;
  readonly #board: Board;
  readonly #operator: Operator;
  readonly #startUtcMs: number;
  readonly #forks: { readonly fromNs: number; toNs: number }[] = [];
  /** Happened, and not yet fetched. */
  readonly #ready: VanEvent[] = [];
  #trafficNs: number | null = null;
  #nowNs: number = START_NS;
  #done = false;

  constructor(options: VirtualVanOptions, pictures: TinyPictures) {
    this.#options = options;
    const { scenario, seed, lies } = options;
    this.#startUtcMs = virtualStartUtcMs(scenario);
    this.#road = asTheBeamLooks(scenario, lies.misalignmentDeg);
    this.#traffic = new Traffic(this.#road);
    const parts = { agenda: this.#agenda, tell: this.#tell, utcAt: this.#utcAt };
    this.#radar = this.#makeRadar();
    this.#receiver = new Receiver({ ...parts, random: createRandom(seed, 'gps'), place: receiverPlace(scenario) });
    this.#camera = new VirtualCamera({
      ...parts,
      ...{ random: createRandom(seed, 'camera'), pictures },
      inBeam: (atNs) => this.#who(atNs, 'inBeam'),
      inPicture: (atNs) => this.#who(atNs, 'inPicture'),
    });
    this.#board = new Board(this.#agenda, this.#tell);
    this.#operator = this.#makeOperator();
    this.#agenda.add(START_NS, this.#begin);
  }

  nextNs(): number {
    if (this.#ready.length > 0) return this.#nowNs;
    if (this.#done) return Number.POSITIVE_INFINITY;
    return Math.min(this.#agenda.nextNs, this.#radar.nextNs, this.#options.lies.nextNs());
  }

  next(): VanEvent | null {
    if (this.#ready.length === 0) this.#advance();
    return this.#ready.shift() ?? null;
  }

  line(line: OutputLineName, value: 0 | 1, atNs: number): void {
    for (const change of this.#options.lies.line(line, value, monotonicNs(atNs))) {
      if (change.atNs <= atNs) this.#camera.line(change.line, change.value, atNs);
      else {
        this.#agenda.add(change.atNs, (at) => {
          this.#camera.line(change.line, change.value, at);
        });
      }
    }
  }

  radarCommand(bytes: Uint8Array, atNs: number): void {
    this.#radar.command(bytes, atNs);
  }

  see(seen: Seen, atNs: number): void {
    this.#operator.see(seen, atNs);
  }

  truth(): Truth {
    const { scenario, seed, lies } = this.#options;
    const startNs = this.#trafficNs ?? this.#nowNs;
    const forks = this.#forks.map(({ fromNs, toNs }) => ({ fromNs, toNs: Math.min(toNs, this.#nowNs) }));
    return truthOf({
      ...{ scenario, seed, lies, seenRoad: this.#road, camera: this.#camera },
      ...{ startNs, startUtcMs: this.#utcAt(startNs), forks },
    });
  }

  readonly #begin = (atNs: number): void => {
    this.#receiver.begin(atNs);
    this.#radar.plug(atNs);
    if (this.#options.scenario.file.deployment !== 'bench') this.#board.plug(atNs);
    this.#readClock(atNs);
    this.#operator.begin(atNs);
    this.#agenda.add(atNs + TRAFFIC_AT_LATEST_S * NS_PER_S, this.#startTraffic);
  };

  #readClock(atNs: number): void {
    const readClock = (at: number): void => {
      this.#agenda.add(at + NS_PER_S, readClock);
      // As free-running as on the road: `firmware/main.ts` claims no discipline either.
      const clock = { utcMs: utcMs(this.#utcAt(at)), disciplined: false, uncertaintyMs: null };
      this.#tell({ type: 'clock', atNs: monotonicNs(at), ...clock });
    };
    this.#agenda.add(atNs + CLOCK_READ_AT_S * NS_PER_S, readClock);
  }

  /** The earliest thing that is due happens. */
  #advance(): void {
    const { lies } = this.#options;
    const atNs = this.nextNs();
    this.#nowNs = Math.max(this.#nowNs, atNs);
    if (this.#agenda.nextNs <= atNs) this.#agenda.takeNext()?.act(atNs);
    else if (lies.nextNs() <= atNs) this.#fetchLie();
    else this.#radar.frame();
  }

  #fetchLie(): void {
    const event = this.#options.lies.next();
    if (event !== null) this.#happen(event);
  }

  readonly #tell = (event: VanEvent): void => {
    for (const told of this.#options.lies.event(event)) this.#happen(told);
  };

  #happen(event: VanEvent): void {
    this.#ready.push(event);
    if (event.type === 'file') this.#camera.delivered(event.fileName, event.bytes, event.atNs);
    // The computer's supply is the radar's, too, and so is the cable that is pulled and put back.
    if (event.type === 'power-cut' || (event.type === 'radar-link' && event.up)) this.#radar.restart(this.#nowNs);
  }

  #makeRadar(): VirtualRadar {
    const { scenario, seed, lies } = this.#options;
    const kind = scenario.file.instruments.radar;
    const see = (timeS: number): readonly Echo[] => lies.echoes(this.#traffic.echoes(timeS), timeS);
    const options = { road: this.#road, random: createRandom(seed, 'radar'), see };
    return new VirtualRadar({
      instrument: kind === 'agd350' ? new Agd350(options) : new Ops243(options),
      ...{ link: RADAR_LINKS[kind], random: createRandom(seed, 'radar commands') },
      ...{ agenda: this.#agenda, tell: this.#tell, utcAt: this.#utcAt, timeOf: (atNs) => this.#timeOf(atNs) },
      nextEchoNs: (atNs) => {
        if (this.#trafficNs === null) return Number.POSITIVE_INFINITY;
        const timeS = this.#timeOf(atNs);
        return this.#trafficNs + Math.min(this.#traffic.nextEchoS(timeS), lies.echoesUntilS(timeS)) * NS_PER_S;
      },
    });
  }

  #makeOperator(): Operator {
    const { site, van, deployment } = this.#options.scenario.file;
    return new Operator({
      ...{ agenda: this.#agenda, tell: this.#tell, isBench: deployment === 'bench' },
      open: {
        ...{ type: 'open', site: site.code, operator: CREW.operatorId },
        lanes: site.lanes.filter(({ monitored }) => monitored).map(({ id }) => id),
        ...{ heading: van.heading, lateralM: van.lateralM },
      },
      holdFork: (on, atNs) => {
        this.#holdFork(on, atNs);
      },
      turnKey: (on, atNs) => {
        this.#board.set({ armKey: on }, atNs);
      },
      restartRadar: (atNs) => {
        this.#radar.unplug(atNs);
        this.#agenda.add(atNs + RADAR_OFF_S * NS_PER_S, (at) => {
          this.#radar.plug(at);
        });
      },
      isRoadEmpty: (atNs) => this.#isRoadEmpty(atNs),
      onEnforcing: this.#startTraffic,
      onDone: () => {
        this.#done = true;
      },
    });
  }

  #holdFork(on: boolean, atNs: number): void {
    const held = this.#forks.at(-1);
    const isHeld = held?.toNs === Number.POSITIVE_INFINITY;
    if (on === isHeld) return;
    if (on) this.#forks.push({ fromNs: atNs, toNs: Number.POSITIVE_INFINITY });
    else if (held !== undefined) held.toNs = atNs;
    this.#radar.holdFork(on ? CREW.forkKmh : null, atNs);
  }

  /** Second 0 of the scenario. */
  readonly #startTraffic = (atNs: number): void => {
    if (this.#trafficNs !== null) return;
    this.#trafficNs = atNs;
    this.#options.lies.begin(monotonicNs(atNs));
    this.#radar.wake(atNs);
  };

  #isRoadEmpty(atNs: number): boolean {
    if (this.#trafficNs === null) return false;
    const { durationS } = this.#options.scenario.file;
    const lastS = Math.min(this.#traffic.emptyFromS + EMPTY_AFTER_S, durationS + LONGEST_WAIT_S);
    return this.#timeOf(atNs) >= Math.max(durationS, lastS);
  }

  #who(atNs: number, where: 'inBeam' | 'inPicture'): readonly string[] {
    return this.#trafficNs === null ? [] : this.#traffic[where](this.#timeOf(atNs));
  }

  /** Before the start of traffic the road's vehicles are long before their time: nobody is there. */
  #timeOf(atNs: number): number {
    return this.#trafficNs === null ? -3600 : (atNs - this.#trafficNs) / NS_PER_S;
  }

  readonly #utcAt = (atNs: number): number => this.#startUtcMs + (atNs - START_NS) / NS_PER_MS;
}

function asTheBeamLooks({ file, road }: Scenario, misalignmentDeg: number): Road {
  if (misalignmentDeg === 0) return road;
  const geometry = geometryOf(file);
  return new Road({ ...geometry, beamAngleDeg: degrees(geometry.angleDeg + misalignmentDeg) }, road.vehicles);
}

const receiverPlace = ({ file }: Scenario) => ({
  ...positionAt(file.site.anchor, file.van.chainageM, vanRightM(file)),
  altitudeM: file.site.altitudeM,
});
