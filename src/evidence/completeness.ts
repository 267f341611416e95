/**
 * Nothing may be taken out of a record: each field of its layout is on the wire, or the record itself says that it is
 * left out (`absent`), and how often what may repeat occurs (`counts`; proto/evidence.proto). Works on the bytes alone,
 * for every kind of record, and is strict about them: fields in the order of their numbers, none twice, none unknown,
 * numbers as short as they can be. So there is one way to write a record.
 */
import { schema, type SchemaField } from '../../proto/generated/evidence.schema.js';
import { KerbsideError } from '../errors.js';

export type RecordMessage = 'EvidenceRecord' | 'DeploymentRecord' | 'ParametersRecord' | 'EventRecord';

/** What a record leaves out, and how often what may repeat occurs; both in the order of the layout. */
export interface Inventory {
  readonly absent: readonly string[];
  readonly counts: readonly string[];
}

/** These two speak of all the others. */
const LISTS = ['absent', 'counts'] as const;
const MOST_OF_UINT32 = 0xffff_ffff;
const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;

const damaged = (what: string): KerbsideError => new KerbsideError('evidence-damaged', `The record ${what}.`);

/** One message on the wire: field number to its values, raw. */
type Fields = ReadonlyMap<number, readonly Uint8Array[]>;

class WireReader {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly where: string,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): number {
    const from = this.at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at];
      if (byte === undefined || this.at - from > 4) throw damaged(`is cut or damaged in ${this.where}`);
      this.at += 1;
      value += (byte & 127) * scale;
      if (byte > 127) continue;
      if (value > MOST_OF_UINT32) throw damaged(`is cut or damaged in ${this.where}`);
      if (byte === 0 && this.at - from > 1) throw damaged(`writes a number in ${this.where} longer than it is`);
      return value;
    }
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw damaged(`is cut or damaged in ${this.where}`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  value(wireType: number): Uint8Array {
    const from = this.at;
    if (wireType === WIRE.fixed64) return this.take(8);
    if (wireType === WIRE.bytes) return this.take(this.varint());
    this.varint();
    return this.bytes.subarray(from, this.at);
  }
}

const wireTypeOf = ({ type }: SchemaField): number =>
  type === 'double' ? WIRE.fixed64 : type === 'uint32' || type === 'bool' ? WIRE.varint : WIRE.bytes;

const fieldsOf = (message: string): Readonly<Record<string, SchemaField>> => schema[message] ?? {};

type NamedField = SchemaField & { readonly name: string };
/** Made once for each message: a verifier reads a hundred thousand records. */
const numbered = new Map<string, ReadonlyMap<number, NamedField>>();

function fieldsByNumber(message: string): ReadonlyMap<number, NamedField> {
  const known = numbered.get(message);
  if (known !== undefined) return known;
  const made = new Map(Object.entries(fieldsOf(message)).map(([name, field]) => [field.id, { name, ...field }]));
  numbered.set(message, made);
  return made;
}

function readMessage(bytes: Uint8Array, message: string, where: string): Fields {
  const byNumber = fieldsByNumber(message);
  const found = new Map<number, Uint8Array[]>();
  const reader = new WireReader(bytes, where);
  let last = 0;
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    const field = byNumber.get(number);
    if (field === undefined) throw damaged(`holds field ${number} in ${where}, which this layout does not know`);
    if (tag % 8 !== wireTypeOf(field)) throw damaged(`holds ${field.name} in ${where} in the form of another type`);
    const again = number === last && field.rule === 'repeated';
    if (number < last || (number === last && !again))
      throw damaged(`holds ${field.name} in ${where} twice or out of order`);
    last = number;
    const value = reader.value(tag % 8);
    if (field.type === 'bool' && (value[0] ?? 2) > 1)
      throw damaged(`holds ${field.name} in ${where} as neither yes nor no`);
    const values = found.get(number);
    if (values === undefined) found.set(number, [value]);
    else values.push(value);
  }
  return found;
}

/** @param elements all messages that stand under this path: one, or those of a field that repeats */
function take(
  message: string,
  elements: readonly Fields[],
  path: string,
  into: { absent: string[]; counts: string[] },
): void {
  const below = path === '' ? '' : `${path}.`;
  for (const [name, field] of Object.entries(fieldsOf(message))) {
    if (path === '' && (LISTS as readonly string[]).includes(name)) continue;
    const own = `${below}${name}`;
    const values = elements.map((element) => element.get(field.id) ?? []);
    if (field.rule === 'repeated') into.counts.push(`${own}=${values.flat().length}`);
    else if (values.every(({ length }) => length === 0)) {
      if (elements.length > 0) into.absent.push(own);
    } else {
      values.forEach(({ length }, i) => {
        if (length === 0) into.absent.push(`${path}[${i}].${name}`);
      });
    }
    const inner = values.flat();
    if (schema[field.type] === undefined) continue;
    if (field.rule === 'repeated' && inner.length === 0) continue;
    if (inner.length === 0) continue;
    take(
      field.type,
      inner.map((bytes) => readMessage(bytes, field.type, own)),
      own,
      into,
    );
  }
}

/** More arguments than this a call may not take. */
const PIECE = 8192;

function text(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += PIECE) letters += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return letters;
}

/**
 * What the bytes of a record leave out, by looking.
 * @throws KerbsideError 'evidence-damaged' where they are not the one way to write a record
 */
export function inventoryOf(bytes: Uint8Array, message: RecordMessage): Inventory {
  const into = { absent: [], counts: [] };
  take(message, [readMessage(bytes, message, 'the record')], '', into);
  return into;
}

/**
 * Compares what a record leaves out with what it says that it leaves out.
 * @returns a sentence for each field that is missing or too many; empty for a complete record
 * @throws KerbsideError 'evidence-damaged' where the bytes are not the one way to write a record
 */
export function incompleteness(bytes: Uint8Array, message: RecordMessage): string[] {
  const fields = readMessage(bytes, message, 'the record');
  const { absent, counts } = inventoryOf(bytes, message);
  const [saysAbsent, saysCounts] = LISTS.map((list) => {
    return (fields.get(fieldsOf(message)[list]?.id ?? 0) ?? []).map(text);
  }) as [string[], string[]];
  const known = new Set(saysAbsent);
  const found = new Set(absent);
  const lost = absent.filter((path) => !known.has(path));
  const extra = saysAbsent.filter((path) => !found.has(path));
  const sentences = [
    ...lost.map((path) => `Field ${path} is missing: it is neither stated nor listed as left out.`),
    ...extra.map((path) => `Field ${path} is listed as left out, and is there or unknown.`),
    ...miscounted(counts, saysCounts),
  ];
  if (sentences.length === 0 && (absent.join() !== saysAbsent.join() || counts.join() !== saysCounts.join())) {
    return ['The lists of what the record leaves out are not in the order of its layout.'];
  }
  return sentences;
}

function miscounted(counts: readonly string[], says: readonly string[]): string[] {
  const stated = new Map(says.map((entry) => entry.split('=') as [string, string]));
  const sentences = counts.flatMap((entry) => {
    const [path = '', count] = entry.split('=');
    const claimed = stated.get(path);
    stated.delete(path);
    if (claimed === count) return [];
    if (claimed === undefined) return [`Field ${path}: the record does not say how often it occurs.`];
    return [`Field ${path} occurs ${count ?? ''} times; the record says ${claimed} times.`];
  });
  return [...sentences, ...[...stated.keys()].map((path) => `Field ${path} is counted and not known.`)];
}
