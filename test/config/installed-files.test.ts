/** The identity of the software: whatever can run is in it, and nothing else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installationDigest, legallyRelevantFiles, SIMULATOR_PACKAGES } from '../../firmware/config/installed-files.js';
import { importsOf } from '../house/imports.js';
import { read, ROOT, sourceFiles } from '../house/tree.js';

const DIST = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = {
  packages: {
    '': {},
    'node_modules/used': {},
    'node_modules/used/node_modules/nested': {},
    'node_modules/@scope/wide': {},
    'node_modules/linter': { dev: true },
    'node_modules/types': { devOptional: true },
    'node_modules/node-pty': {},
    'node_modules/of-another-platform': { optional: true },
  },
};
const COUNTED = [
  'code/firmware/main.js',
  'code/proto/generated/evidence.js',
  'code/src/evidence/record.js',
  'node_modules/@scope/wide/index.cjs',
  'node_modules/@scope/wide/package.json',
  'node_modules/used/build/Release/used.node',
  'node_modules/used/font.ttf',
  'node_modules/used/lib/native.so.2',
  'node_modules/used/lib/tests.js',
  'node_modules/used/module.mjs',
  'node_modules/used/node_modules/nested/index.js',
  'node_modules/used/picture.wasm',
  'package-lock.json',
  'package.json',
];
const NOT_COUNTED = [
  'README.md',
  'code/src/evidence/record.js.map',
  'code/test/a.test.js',
  'code/hw-sim/index.js',
  'node_modules/linter/index.js',
  'node_modules/types/index.js',
  'node_modules/node-pty/index.js',
  'node_modules/unlisted/index.js',
  'node_modules/used/README.md',
  'node_modules/used/LICENSE',
  'node_modules/used/index.d.ts',
  'node_modules/used/src/native.cc',
  'node_modules/used/test/all.js',
  'node_modules/used/deps/built.js',
];

describe('identity of the software', () => {
  let root = '';
  const files = () => legallyRelevantFiles(root, join(root, 'code'));
  const digest = (): string => installationDigest(files());
  const write = (name: string, content: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-installed-'));
    for (const name of [...COUNTED, ...NOT_COUNTED]) write(name, `content of ${name}`);
    write('package-lock.json', JSON.stringify(LOCK));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('counts our code, the lists, and all that installed packages bring to run, in the order of the names', () => {
    assert.deepEqual(
      files().map(({ name }) => name),
      [...COUNTED].sort(),
    );
  });

  it('changes with every byte of every file that counts, with its name, and with a file more or less', () => {
    const seen = new Set([digest()]);
    for (const name of COUNTED) {
      const path = join(root, name);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      // In the list of packages a space behind the end is a change that leaves it readable.
      if (name === 'package-lock.json') writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]));
      else {
        changed[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        writeFileSync(path, changed);
      }
      seen.add(digest());
      writeFileSync(path, bytes);
    }
    assert.equal(seen.size, COUNTED.length + 1);
    write('node_modules/used/another.js', '');
    seen.add(digest());
    renameSync(join(root, 'node_modules/used/another.js'), join(root, 'node_modules/used/other.js'));
    seen.add(digest());
    const [a, b] = ['code/firmware/main.js', 'code/src/evidence/record.js'];
    renameSync(join(root, a), join(root, 'aside'));
    renameSync(join(root, b), join(root, a));
    renameSync(join(root, 'aside'), join(root, b));
    seen.add(digest());
    assert.equal(seen.size, COUNTED.length + 4);
  });

  it('does not change with documentation, types, maps, tests, the simulator, or what is not installed to run', () => {
    const before = digest();
    for (const name of NOT_COUNTED) write(name, 'something else');
    assert.equal(digest(), before);
    for (const name of NOT_COUNTED) rmSync(join(root, name));
    assert.equal(digest(), before);
  });

  it('what only the simulator is said to load is loaded by nothing else', () => {
    // One of them is required by hand, which no list of imports shows.
    const importers = sourceFiles('src', 'firmware', 'hw-sim', 'proto').flatMap((path) =>
      [...read(path).matchAll(/(?:from |import\(|require\()'([^'/]+)[^']*'/g)]
        .map(([, specifier = '']) => ({ path, specifier }))
        .filter(({ specifier }) => SIMULATOR_PACKAGES.includes(specifier)),
    );
    for (const { path, specifier } of importers) assert.match(path, /^hw-sim\//, `${specifier} in ${path}`);
    assert.deepEqual([...new Set(importers.map(({ specifier }) => specifier))].sort(), [...SIMULATOR_PACKAGES].sort());
  });

  it('every package that the program imports is in it', () => {
    const installed = legallyRelevantFiles(ROOT, DIST).map(({ name }) => name);
    const packages = new Set(
      sourceFiles('src', 'firmware')
        .flatMap((path) => importsOf(path, read(path)))
        .filter(({ specifier, typeOnly }) => !typeOnly && /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
        .map(({ specifier }) =>
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    );
    assert.ok(packages.size > 10);
    for (const name of packages) {
      assert.ok(
        installed.some((file) => file.startsWith(`node_modules/${name}/`) && !file.endsWith('package.json')),
        name,
      );
    }
  });

  it('every file that the processes of the controller load is in it', function () {
    this.timeout(60_000);
    const programs = [
      'firmware/main.js',
      'firmware/cli/program.js',
      'firmware/trigger/loop.js',
      'firmware/workshop/workshop.js',
    ];
    const loads = programs.map((name) => `await import(${JSON.stringify(pathToFileURL(join(DIST, name)).href)});`);
    const script = `${loads.join('')}console.log(JSON.stringify(process.report.getReport().sharedObjects))`;
    // Code from -e counts as a file of no name. The coverage of V8 names every script that was loaded, of either kind of module.
    const environment = { ...process.env, NODE_V8_COVERAGE: root };
    const objects = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment });
    const report = readdirSync(root).find((name) => name.startsWith('coverage-')) ?? '';
    const { result } = JSON.parse(readFileSync(join(root, report), 'utf8')) as { result: { url: string }[] };
    const scripts = result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
    const loaded = [...scripts, ...(JSON.parse(objects.toString()) as string[])].filter(
      (path) => existsSync(path) && path.startsWith(ROOT),
    );
    const known = new Set(legallyRelevantFiles(ROOT, DIST).map(({ path }) => path));
    assert.ok(loaded.length > 300, `${loaded.length} files`);
    assert.ok(loaded.some((path) => path.endsWith('.node')));
    assert.deepEqual(
      loaded.filter((path) => !known.has(path)).map((path) => relative(ROOT, path)),
      [],
    );
  });
});
