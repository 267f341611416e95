/**
 * Dummy traffic for a controller that is thrown away afterwards, so that the first real frame meets compiled code (the
 * first ones cost 0.4 to 0.7 ms each otherwise). The controller is cold and unready: it measures and fires nothing.
 */
import type { Controller } from '../../src/controller.js';
import type { RadarProtocol } from '../../src/radar/reading.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_MS, type MonotonicNs } from '../../src/units.js';

const VEHICLES = 60;
const FRAMES_EACH = 15;
const FRAME_EVERY_NS = 25 * NS_PER_MS;
const VEHICLE_EVERY_NS = 1000 * NS_PER_MS;

/** Feeds made-up vehicles, in the times of a made-up past, so that no real time passes. */
export function warmUp(controller: Controller, protocol: RadarProtocol): void {
  const outputs: Output[] = [];
  let atNs = monotonicNs(VEHICLE_EVERY_NS);
  controller.handle({ type: 'radar-link', atNs, up: true, detail: 'warm-up' }, outputs);
  for (let vehicle = 0; vehicle < VEHICLES; vehicle += 1) {
    for (let frame = 0; frame < FRAMES_EACH; frame += 1) {
      atNs = monotonicNs(atNs + FRAME_EVERY_NS);
      const bytes = protocol === 'agd350' ? agdFrame(atNs, vehicle % 99, frame) : opsLine(frame);
      controller.handle({ type: 'radar-bytes', atNs, bytes }, outputs);
    }
    const nextNs = monotonicNs(atNs + VEHICLE_EVERY_NS);
    atNs = tickUntil(controller, atNs, nextNs, outputs);
    outputs.length = 0;
  }
}

function tickUntil(controller: Controller, fromNs: MonotonicNs, untilNs: MonotonicNs, outputs: Output[]): MonotonicNs {
  let atNs = fromNs;
  for (let ticks = 0; ticks < 100 && atNs < untilNs; ticks += 1) {
    const deadlineNs = controller.nextDeadlineNs() ?? untilNs;
    atNs = monotonicNs(Math.min(untilNs, Math.max(deadlineNs, atNs + NS_PER_MS)));
    controller.handle({ type: 'tick', atNs }, outputs);
  }
  return untilNs;
}

/** An approaching vehicle at 72.4 km/h, 0.5 m nearer with each frame (domain: AGD message 04). */
function agdFrame(atNs: MonotonicNs, track: number, frame: number): Uint8Array {
  const timeS = (atNs / 1e9).toFixed(2).padStart(8, '0');
  const rangeM = (45 - frame / 2).toFixed(1).padStart(5, '0');
  const body = `\x0204,${timeS},${String(track).padStart(2, '0')},A,072.4,K,${rangeM},+00.1,180.0,P,061.5*`;
  let crc = 0;
  for (let index = 0; index < body.length; index += 1) {
    crc ^= body.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return Buffer.from(`${body}${crc.toString(16).toUpperCase().padStart(2, '0')}\x03`, 'latin1');
}

const opsLine = (frame: number): Uint8Array =>
  Buffer.from(`{"time":"${frame}.1","unit":"kmph","magnitude":"467.7","speed":"72.4"}\r\n`, 'latin1');
