/**
 * Makes proto/generated/<name>.js and .d.ts out of every proto/<name>.proto, with protobufjs and without network.
 * Nothing is done while the results are newer than every .proto file and than this script. The results are never
 * committed.
 *
 *   node proto/generate.mjs                 generate where needed
 *   node proto/generate.mjs --install dist  generate where needed, then copy the .js beside the compiled code
 *
 * Beside each module stands <name>.schema.js: the names, numbers and types of all fields as data, for what must hold of
 * every field (src/evidence/completeness.ts).
 *
 * Each module gets a protobufjs root of its own: with the shared default root two modules of one namespace would
 * overwrite each other. The .d.ts that the tool writes loads `long` in the CommonJS way, which gives another Long type
 * than an ES import does; it is changed to the ES form.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pbjs from 'protobufjs-cli/pbjs.js';

const protoFolder = dirname(fileURLToPath(import.meta.url));
const generatedFolder = join(protoFolder, 'generated');
const compile = promisify(pbjs.main);

const names = readdirSync(protoFolder)
  .filter((file) => file.endsWith('.proto'))
  .map((file) => file.slice(0, -'.proto'.length))
  .sort();

/** Any .proto may import any other, so the newest of them all counts. */
function newestInputMs() {
  const inputs = [fileURLToPath(import.meta.url), ...names.map((name) => join(protoFolder, `${name}.proto`))];
  return Math.max(...inputs.map((file) => statSync(file).mtimeMs));
}

const EXTENSIONS = ['js', 'd.ts', 'schema.js', 'schema.d.ts'];

function isFresh(name, inputMs) {
  return EXTENSIONS.every((extension) => {
    const file = join(generatedFolder, `${name}.${extension}`);
    return existsSync(file) && statSync(file).mtimeMs > inputMs;
  });
}

const SCHEMA_TYPES = `export interface SchemaField {
  readonly id: number;
  readonly type: string;
  readonly rule?: 'repeated';
}
/** Message name to its fields by name, in the order of their numbers. */
export declare const schema: Readonly<Record<string, Readonly<Record<string, SchemaField>>>>;
`;

/** Fields keep the names of the .proto file: they are what people find there. */
async function describe(name, scratch) {
  const json = join(scratch, `${name}.json`);
  await compile([
    '--target',
    'json',
    '--keep-case',
    '--path',
    protoFolder,
    '--out',
    json,
    `${protoFolder}/${name}.proto`,
  ]);
  const messages = {};
  const collect = (nested) => {
    for (const [key, value] of Object.entries(nested)) {
      if (value.fields !== undefined) {
        const fields = Object.entries(value.fields).sort(([, a], [, b]) => a.id - b.id);
        messages[key] = Object.fromEntries(
          fields.map(([field, { id, type, rule }]) => [field, rule === undefined ? { id, type } : { id, type, rule }]),
        );
      }
      if (value.nested !== undefined) collect(value.nested);
    }
  };
  collect(JSON.parse(readFileSync(json, 'utf8')).nested);
  writeFileSync(join(scratch, `${name}.schema.js`), `export const schema = ${JSON.stringify(messages, null, 2)};\n`);
  writeFileSync(join(scratch, `${name}.schema.d.ts`), SCHEMA_TYPES);
}

/** Written beside the target and renamed: a build that runs at the same time never sees half a file. */
async function generate(name) {
  const scratch = join(generatedFolder, `.${name}-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    await compile([
      ...['--target', 'static-module', '--wrap', 'esm', '--es6', '--dts'],
      ...['--dependency', 'protobufjs/minimal.js', '--root', name, '--path', protoFolder],
      ...['--no-create', '--no-verify', '--no-convert', '--no-typeurl', '--no-service'],
      ...['--out', join(scratch, `${name}.js`), join(protoFolder, `${name}.proto`)],
    ]);
    const types = join(scratch, `${name}.d.ts`);
    writeFileSync(
      types,
      readFileSync(types, 'utf8').replace('import Long = require("long")', 'import type Long from "long"'),
    );
    await describe(name, scratch);
    for (const extension of EXTENSIONS) {
      renameSync(join(scratch, `${name}.${extension}`), join(generatedFolder, `${name}.${extension}`));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function removeOrphans() {
  for (const file of readdirSync(generatedFolder)) {
    const name = /^([^.][^.]*)\.(?:schema\.)?(?:js|d\.ts)$/.exec(file)?.[1];
    if (name !== undefined && !names.includes(name)) rmSync(join(generatedFolder, file));
  }
}

function install(target) {
  const folder = join(target, 'proto', 'generated');
  mkdirSync(folder, { recursive: true });
  for (const file of names.flatMap((name) => [`${name}.js`, `${name}.schema.js`])) {
    copyFileSync(join(generatedFolder, file), join(folder, file));
  }
}

mkdirSync(generatedFolder, { recursive: true });
const inputMs = newestInputMs();
for (const name of names) {
  if (!isFresh(name, inputMs)) await generate(name);
}
removeOrphans();

const installAt = process.argv.indexOf('--install');
if (installAt >= 0) {
  const target = process.argv[installAt + 1];
  if (target === undefined) {
    process.stderr.write(
      'proto/generate.mjs: --install was given without a folder; expected for example --install dist\n',
    );
    process.exit(1);
  }
  install(target);
}
