/** Which settings a measurement depends on, and when one of them has changed. */
import assert from 'node:assert/strict';
import type { ControllerConfig } from '../../src/controller-config.js';
import {
  measuringParameters,
  parameterChanges,
  parametersText,
  type Parameters,
} from '../../src/evidence/parameters.js';
import { kmh } from '../../src/units.js';
import { CONTROLLER } from '../office/fakes.js';
import { sampleContext } from './samples.js';

const { software } = sampleContext;
const of = (config: ControllerConfig): Parameters => measuringParameters(config, software);
const now = of(CONTROLLER);

/** The configuration with one leaf changed, for every leaf. */
function* variants(
  value: unknown,
  path: readonly string[] = [],
): Generator<{ path: string; config: ControllerConfig }> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) yield* variants(inner, [...path, key]);
    return;
  }
  const copy = structuredClone(CONTROLLER) as unknown as Record<string, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) ?? ''] = 'changed';
  yield { path: path.join('.'), config: copy as unknown as ControllerConfig };
}

describe('measuring parameters', () => {
  /** On none of these does a speed, a verdict or the tie between image and trigger depend. */
  const NAMES_ONLY = [
    ...['camera.approvalNotice', 'site.road', 'site.locality', 'site.approval', 'site.reviewedOn', 'site.adjoining'],
    ...['demo', 'hasIoBoard', 'equipment.forks', 'equipment.selfTestEveryMinutes'],
  ];

  it('every setting of the controller is one, but for those that are only printed', () => {
    for (const { path, config } of variants(CONTROLLER)) {
      const changed = parametersText(of(config)) !== parametersText(now);
      assert.equal(changed, !NAMES_ONLY.includes(path) && !path.startsWith('reference.'), path);
    }
  });

  it('the software is one: another version or other files', () => {
    for (const change of [{ version: '9.9.9' }, { sha256: 'ee'.repeat(32) }]) {
      const after = measuringParameters(CONTROLLER, { ...software, ...change });
      const [name] = Object.keys(change);
      assert.deepEqual(
        parameterChanges(now, after).map((found) => found.name),
        [`software.${name ?? ''}`],
      );
    }
    const elsewhere = measuringParameters(CONTROLLER, { ...software, node: 'v22.0.0', commit: null });
    assert.deepEqual(parameterChanges(now, elsewhere), []);
  });

  it('the text that is hashed has one line a parameter, in the order of the names', () => {
    const lines = parametersText(now).split('\n').slice(0, -1);
    assert.equal(lines.length, now.size);
    assert.deepEqual(lines, [...lines].sort());
    assert.ok(lines.includes('mounting.angleDeg=22.5'));
    assert.ok(lines.includes('site.4711.threshold.speedKmh=61'));
    const other = { ...CONTROLLER, radar: Object.fromEntries(Object.entries(CONTROLLER.radar).reverse()) };
    assert.equal(parametersText(of(other as unknown as ControllerConfig)), parametersText(now));
  });

  const elsewhere = of({ ...CONTROLLER, site: { ...CONTROLLER.site, code: '4712', limitKmh: kmh(80) } });
  const merged = (...all: Parameters[]): Parameters => new Map(all.flatMap((one) => [...one]));

  it('in force for the first time ever is no change', () => {
    assert.deepEqual(parameterChanges(new Map(), now), []);
  });

  it('a changed, a new and a removed one are told with old and new value', () => {
    const after = new Map(now);
    after.set('mounting.angleDeg', '22');
    after.set('radar.sensitivity', '3');
    after.delete('lines');
    assert.deepEqual(parameterChanges(now, after), [
      { name: 'lines', oldValue: '["shutter"]', newValue: null },
      { name: 'mounting.angleDeg', oldValue: '22.5', newValue: '22' },
      { name: 'radar.sensitivity', oldValue: null, newValue: '3' },
    ]);
  });

  it('another site is no change, the first time and later; the same site with another limit is one', () => {
    assert.deepEqual(parameterChanges(now, elsewhere), []);
    const both = merged(now, elsewhere);
    assert.deepEqual(parameterChanges(both, now), []);
    assert.deepEqual(parameterChanges(both, elsewhere), []);
    const slower = of({ ...CONTROLLER, site: { ...CONTROLLER.site, limitKmh: kmh(60) } });
    assert.deepEqual(parameterChanges(both, slower), [{ name: 'site.4711.limitKmh', oldValue: '50', newValue: '60' }]);
  });

  it('a site whose code begins like another is another site', () => {
    const longer = of({ ...CONTROLLER, site: { ...CONTROLLER.site, code: '47110', limitKmh: kmh(80) } });
    assert.deepEqual(parameterChanges(now, longer), []);
  });

  it('a site that has a parameter more or less than last time has changed', () => {
    const after = new Map(now);
    after.delete('site.4711.temporaryLimit');
    assert.deepEqual(parameterChanges(now, after), [
      { name: 'site.4711.temporaryLimit', oldValue: 'false', newValue: null },
    ]);
    assert.deepEqual(parameterChanges(after, now), [
      { name: 'site.4711.temporaryLimit', oldValue: null, newValue: 'false' },
    ]);
  });
});
