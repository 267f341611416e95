/** Look-up of kernel line numbers in a look-alike folder, and onoff's part with a stand-in for its Gpio class. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { gpioNumber, readGpioChips } from '../../firmware/drivers/gpio-lookup.js';
import { openOnoffLines, type GpioFactory, type GpioLine } from '../../firmware/drivers/onoff-lines.js';

const SETTINGS = { shutter: 17, flash: 27, strobe: 22, tamper: null, ready: null };

describe('GPIO line numbers', () => {
  let root: string;
  const chip = (base: number, label: string, lines: number): void => {
    const folder = join(root, `gpiochip${base}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'label'), `${label}\n`);
    writeFileSync(join(folder, 'base'), `${base}\n`);
    writeFileSync(join(folder, 'ngpio'), `${lines}\n`);
  };
  const numberOf = (pin: number): number => gpioNumber(readGpioChips(root), 'shutter', pin);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-gpio-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('pin 17 is 17 where the kernel counts from 0 (Raspberry Pi before Linux 6.6)', () => {
    chip(0, 'pinctrl-bcm2835', 54);
    assert.equal(numberOf(17), 17);
  });

  it('pin 17 is 529 on a Raspberry Pi 4 since Linux 6.6, beside its expander chip', () => {
    chip(512, 'pinctrl-bcm2711', 58);
    chip(570, 'raspberrypi-exp-gpio', 8);
    assert.equal(numberOf(17), 529);
  });

  it('pin 17 is 588 on a Raspberry Pi 5, whose header hangs on another chip than the first', () => {
    chip(512, 'gpio-brcmstb@107d508500', 32);
    chip(571, 'pinctrl-rp1', 54);
    chip(544, 'gpio-brcmstb@107d508520', 4);
    assert.equal(numberOf(17), 588);
  });

  it('takes a number that is already the kernel’s own', () => {
    chip(512, 'pinctrl-bcm2711', 58);
    assert.equal(numberOf(529), 529);
  });

  it('uses the only chip whatever its name', () => {
    chip(504, 'ARMH0061:00', 8);
    assert.equal(numberOf(3), 507);
  });

  it('wants the kernel’s own number where several chips exist and none is known', () => {
    chip(480, 'one', 32);
    chip(448, 'two', 32);
    assert.equal(numberOf(497), 497);
    assert.throws(() => numberOf(17), {
      kind: 'gpio-missing',
      message:
        "lines.shutter: no GPIO 17 here (two 448 to 479, one 480 to 511); expected the kernel's own number of one of them",
    });
  });

  it('refuses a pin that the chip does not have', () => {
    chip(512, 'pinctrl-bcm2711', 58);
    assert.throws(() => numberOf(58), /no GPIO 58 here/);
    assert.throws(() => numberOf(570), /no GPIO 570 here/);
  });

  it('says in one sentence that a machine has no GPIO', () => {
    const expected = { kind: 'gpio-missing', code: 401, exitCode: 4, message: /shows no GPIO under/ };
    assert.throws(() => readGpioChips(root), expected);
    assert.throws(() => readGpioChips(join(root, 'none')), expected);
  });

  describe('opened through onoff', () => {
    const line = (): sinon.SinonStubbedInstance<GpioLine> => ({
      readSync: sinon.stub<[], 0 | 1>().returns(0),
      writeSync: sinon.stub(),
      watch: sinon.stub(),
      unexport: sinon.stub(),
    });

    it('exports outputs low without a glitch and names their value files', async () => {
      chip(512, 'pinctrl-bcm2711', 58);
      const factory = sinon.spy((..._: Parameters<GpioFactory>): GpioLine => line());
      const lines = await openOnoffLines({ gpioRoot: root, ...SETTINGS }, factory);
      assert.deepEqual(
        factory.args.map((args) => args.filter((one) => one !== undefined)),
        [
          [529, 'low'],
          [539, 'low'],
          [534, 'in', 'both'],
        ],
      );
      assert.deepEqual(lines.outputPaths, { shutter: join(root, 'gpio529/value'), flash: join(root, 'gpio539/value') });
    });

    it('reports the present value of an input first, then its edges', async () => {
      chip(0, 'pinctrl-bcm2835', 54);
      const strobe = line();
      strobe.readSync.returns(1);
      const lines = await openOnoffLines({ gpioRoot: root, ...SETTINGS, flash: null }, (pin) =>
        pin === 22 ? strobe : line(),
      );
      const seen: string[] = [];
      lines.watchInputs((name, value) => seen.push(`${name} ${value}`));
      strobe.watch.firstCall.args[0](null, 0);
      assert.deepEqual(seen, ['strobe 1', 'strobe 0']);
    });

    it('TAM-1: an input that cannot be watched any more is a fault, never a line at rest', async () => {
      chip(0, 'pinctrl-bcm2835', 54);
      const tamper = line();
      const lines = await openOnoffLines({ gpioRoot: root, ...SETTINGS, tamper: 5 }, (pin) =>
        pin === 5 ? tamper : line(),
      );
      const seen: string[] = [];
      lines.watchInputs((name, value) => seen.push(`${name} ${value}`));
      const before = [...seen];
      assert.throws(() => tamper.watch.firstCall.args[0](new Error('poll'), 1), {
        kind: 'line-failed',
        message: 'lines.tamper: the line cannot be watched any more (poll); expected its edges',
      });
      assert.deepEqual(seen, before);
    });

    it('says which line is taken, and gives back those it had', async () => {
      chip(512, 'pinctrl-bcm2711', 58);
      const unexport = sinon.stub();
      const shutter = { ...line(), unexport };
      const factory: GpioFactory = (number) => {
        if (number === 529) return shutter;
        throw Object.assign(new Error('busy'), { code: 'EBUSY' });
      };
      await assert.rejects(openOnoffLines({ gpioRoot: root, ...SETTINGS }, factory), {
        kind: 'line-failed',
        message:
          'lines.flash: GPIO 27 (number 539 in sysfs) cannot be used (another program or driver holds it); expected a free line',
      });
      assert.equal(unexport.callCount, 1);
    });
  });
});
