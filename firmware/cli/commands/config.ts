/** `kerbside config check|show|schema`. */
import Table from 'cli-table3';
import { z } from 'zod';
import { EXIT, KerbsideError } from '../../../src/errors.js';
import { completed, effectiveValues, type Source } from '../../config/effective.js';
import { inspectConfig, inspectSite, loadConfig } from '../../config/load.js';
import { dotted, problem, type Problem } from '../../config/problem.js';
import { configSchema } from '../../config/schema.js';
import type { YamlDocument } from '../../config/yaml-document.js';
import type { CliContext, CommandAction } from '../context.js';

/** All problems at once, each one sentence; exit 2 when there is any. */
export const checkConfig: CommandAction<object> = (context) => {
  const { file, config, problems, document } = inspectConfig(context.configPath);
  const siteFile = config?.siteFile ?? null;
  const all = siteFile === null ? problems : [...problems, ...siteProblems(siteFile, document)];
  if (context.json) context.printJson({ file, siteFile, valid: all.length === 0, problems: all });
  for (const { sentence } of all) context.warn(sentence);
  if (all.length > 0) return Promise.resolve(EXIT.invalid);
  if (!context.json) context.print(`${file}: good`);
  if (siteFile === null)
    context.progress(
      `${file}: siteFile is not set: kerbside run waits for a deployment at a site of the imported packs`,
    );
  else if (!context.json) context.print(`${siteFile}: good`);
  return Promise.resolve(EXIT.good);
};

/** A site file that cannot be read is a mistake in the line that names it. */
function siteProblems(siteFile: string, document: YamlDocument): readonly Problem[] {
  try {
    return inspectSite(siteFile).problems;
  } catch (error) {
    if (!(error instanceof KerbsideError)) throw error;
    const key = ['siteFile'];
    const clause = `names a file that will not do: ${error.message.replace(/\.$/, '')}`;
    return [problem(document.file, document.placeOfValue(key), dotted(key), clause)];
  }
}

/** Effective values in the order of the schema, each with its origin. */
export const showConfig: CommandAction<object> = (context) => {
  const { file, config, document } = inspectConfig(context.configPath);
  // The second reading only makes the refusal, in the words that every other command uses.
  const valid = config ?? loadConfig(context.configPath);
  const values = effectiveValues(valid, document);
  if (context.json) {
    const sources = Object.fromEntries(values.map(({ key, source }) => [key, source]));
    context.printJson({ file, configuration: completed(valid), sources });
  } else printTable(context, file, values);
  return Promise.resolve(EXIT.good);
};

function printTable(context: CliContext, file: string, values: ReturnType<typeof effectiveValues>): void {
  const table = new Table({
    head: ['key', 'value', 'comes from'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }, // no rule between rows
    style: context.color ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] },
  });
  for (const { key, value, source } of values) table.push([key, inWords(value), origin(source)]);
  context.print(file);
  context.print(table.toString());
}

const inWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function origin(source: Source): string {
  if (source.from === 'file') return `line ${source.line}`;
  return source.because === null ? 'default' : `default for ${source.because}`;
}

export const printSchema: CommandAction<object> = (context) => {
  context.printJson({
    title: 'Kerbside configuration',
    ...z.toJSONSchema(configSchema, { io: 'input' }),
  });
  return Promise.resolve(EXIT.good);
};
