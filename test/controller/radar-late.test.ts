/** A radar whose words reach the camera late, seen through the whole controller: no photo of the next vehicle. */
import assert from 'node:assert/strict';
import { agdFrame, crossing, type Crossing } from '../support/agd-feed.js';
import { VirtualVan } from '../support/virtual-van.js';

const SPEEDER: Crossing = { track: 1, speedKmh: 92.7, direction: 'A', lateralM: 5.25 };
const LEAVER: Crossing = { track: 2, speedKmh: 92.7, direction: 'R', lateralM: 8.75 };

/** A radar with a clock that runs, all of whose words take some time to arrive. */
class LateRadar {
  readonly van: VirtualVan = new VirtualVan({
    heartbeat: () => (this.isMute ? '' : agdFrame(`HB,${this.clock(this.van.nowMs)}`).toString('latin1')),
  });
  private lateS = 0;
  private isMute = false;

  /** What is on its way is late: nothing comes until then. */
  delay(lateS: number): void {
    this.isMute = true;
    this.van.advance(lateS * 1000);
    this.isMute = false;
    this.lateS = lateS;
  }

  inTime(): void {
    this.lateS = 0;
  }

  drive(vehicle: Crossing): void {
    const beginMs = this.van.nowMs;
    const frames = crossing(vehicle).map(({ atMs, bytes }) => {
      const fields = bytes.toString('latin1').slice(1, -4).split(',');
      return { atMs, bytes: agdFrame([fields[0], this.clock(beginMs + atMs), ...fields.slice(2)].join(',')) };
    });
    this.van.frames(frames);
    this.van.advance(1000);
  }

  private clock(nowMs: number): string {
    return (43_200 + nowMs / 1000 - this.lateS).toFixed(2).padStart(8, '0');
  }
}

function ready(): LateRadar {
  const radar = new LateRadar();
  radar.van.arm();
  // Ten seconds prove that its clock runs.
  radar.van.advance(15_000);
  return radar;
}

describe('a radar that is heard late', () => {
  it('radar-late: in time both directions are enforced', () => {
    const radar = ready();
    radar.drive(SPEEDER);
    radar.drive(LEAVER);
    assert.equal(radar.van.fires(), 2);
  });

  for (const lateS of [0.25, 0.7, 3]) {
    it(`radar-late: ${lateS} s late nothing is photographed, the state says why, and it goes on by itself`, () => {
      const radar = ready();
      const { van } = radar;
      radar.delay(lateS);
      radar.drive(SPEEDER);
      radar.drive(LEAVER);
      assert.equal(van.fires(), 0);
      assert.deepEqual(
        van.passes().map(({ verdict }) => [verdict.kind, verdict.reason]),
        [
          ['void', 'radar-late'],
          ['void', 'radar-late'],
        ],
      );
      assert.deepEqual([van.state, van.reasons], ['suspended', ['radar-late']]);
      radar.inTime();
      van.advance(2000);
      assert.equal(van.state, 'enforcing');
      radar.drive(SPEEDER);
      assert.equal(van.fires(), 1);
    });
  }

  it('radar-late: a vehicle in the beam when the delay begins is void, too', () => {
    const radar = ready();
    const { van } = radar;
    const frames = crossing({ ...LEAVER, speedKmh: 70 });
    const beginMs = van.nowMs;
    const timed = frames.map(({ atMs, bytes }, index) => {
      const fields = bytes.toString('latin1').slice(1, -4).split(',');
      const lateS = index < 20 ? 0 : 0.3;
      const clock = (43_200 + (beginMs + atMs) / 1000 - lateS).toFixed(2).padStart(8, '0');
      return { atMs, bytes: agdFrame([fields[0], clock, ...fields.slice(2)].join(',')) };
    });
    van.frames(timed);
    van.advance(1000);
    assert.equal(van.fires(), 0);
    assert.equal(van.passes().at(-1)?.verdict.reason, 'radar-late');
  });
});
