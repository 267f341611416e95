/** What people and programs write as text: configuration, sites, scenarios, requests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectConfig, inspectSite } from '../../../firmware/config/load.js';
import { LineReader } from '../../../firmware/control/lines.js';
import { parseRequest } from '../../../firmware/control/messages.js';
import { knownScenarios, loadScenario, scenarioText } from '../../../hw-sim/index.js';
import { parseScenario } from '../../../hw-sim/scenarios/load.js';
import { ROOT } from '../../house/tree.js';
import type { FuzzTarget } from '../target.js';
import { inFile, refusing, text, utf8 } from './parts.js';

const example = (name: string): Uint8Array => readFileSync(join(ROOT, 'docs/examples', name));

function requests(): FuzzTarget[] {
  const questions = [
    { type: 'status', id: 1 },
    { type: 'open', site: 'T-1', operator: 'OP-1', lanes: ['L1'], heading: 'increasing', lateralM: 3.2 },
    { type: 'attest', check: 'visible', operator: null, statement: 'seen', given: true },
    { type: 'test', test: 'fork', fork: 'F-1' },
    { type: 'close', withoutEndTest: true, by: 'ana' },
  ].map((question) => text(JSON.stringify(question)));
  const run = refusing((bytes) => parseRequest(utf8(bytes)));
  return [
    { name: 'control-request', seeds: questions.filter(run), run },
    {
      name: 'control-lines',
      seeds: [text('{"type":"status","id":1}\n'), text('{"type":"open"}\n{"a')],
      run: (bytes) => {
        const reader = new LineReader(1000);
        const whole = utf8(bytes);
        const lines = (whole.match(/[^]{1,7}/g) ?? []).flatMap((piece) => reader.push(piece));
        const expected = whole
          .split('\n')
          .slice(0, -1)
          .filter((line) => line.trim() !== '' || line.length > 1000);
        const same = lines.every((line, at) => line === ((expected[at] ?? '').length > 1000 ? null : expected[at]));
        if (!same || lines.length !== expected.length) throw new Error('the lines depend on where they were cut');
        return lines.length > 0;
      },
    },
  ];
}

export function textTargets(): FuzzTarget[] {
  const scenarios = knownScenarios().map((name) => loadScenario(name).file);
  return [
    {
      name: 'configuration',
      seeds: [example('kerbside.yaml')],
      run: inFile('kerbside.yaml', (path) => inspectConfig(path).config !== null),
    },
    {
      name: 'site-file',
      seeds: [example('site.yaml')],
      run: inFile('site.yaml', (path) => inspectSite(path).site !== null),
    },
    {
      name: 'scenario',
      seeds: scenarios.map((file) => text(scenarioText({ ...file, vehicles: file.vehicles.slice(0, 3) }))),
      run: refusing((bytes) => parseScenario(utf8(bytes), 'fuzz.yaml')),
    },
    ...requests(),
  ];
}
