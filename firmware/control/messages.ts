/**
 * What is said on the control socket: one JSON line a request, one JSON line a reply, and after `subscribe` one line a
 * change. Who may speak is decided by the permissions of the socket file; `by` is only a hint for the log, since Node tells
 * no credentials of the other side.
 */
import { z } from 'zod';
import { SELF_TESTS, type TestResult } from '../../src/deployment/plan.js';
import { ERRORS, KerbsideError, type ErrorName } from '../../src/errors.js';
import type { Status } from '../office/status.js';

export const CONTROL_LIMITS = {
  /** Longest request in characters. */
  requestLength: 16_384,
  /** A request that was begun must be whole within this time. */
  requestMs: 5000,
  /** A client that asks nothing and listens to nothing is let go. */
  idleMs: 60_000,
  clients: 16,
  /** Requests of one client that may wait. */
  waiting: 8,
  /** A listener that does not read is let go. */
  backlogBytes: 4_000_000,
  /** Changes come in bursts; a listener is told at most this often. */
  changeEveryMs: 200,
  /** Longest reply that a client takes. */
  replyLength: 4_000_000,
} as const;

const head = {
  id: z.int().min(0).max(1_000_000_000).default(0),
  by: z.string().max(60).default('unknown'),
};
const name = z.string().trim().min(1).max(40);
const text = z.string().trim().min(1).max(200);

export const controlRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...head, type: z.literal('status') }),
  z.strictObject({ ...head, type: z.literal('subscribe') }),
  z.strictObject({
    ...head,
    type: z.literal('open'),
    site: name,
    operator: name,
    lanes: z.array(name).min(1).max(20),
    heading: z.enum(['increasing', 'decreasing']),
    lateralM: z.number().min(1).max(30),
    occupier: text.nullable().default(null),
    weather: text.nullable().default(null),
    vehicle: z.string().trim().min(1).max(10).nullable().default(null),
  }),
  z.strictObject({ ...head, type: z.literal('close'), withoutEndTest: z.boolean().default(false) }),
  z.strictObject({ ...head, type: z.literal('start') }),
  z.strictObject({ ...head, type: z.literal('suspend') }),
  z.strictObject({
    ...head,
    type: z.literal('attest'),
    check: name,
    operator: name.nullable().default(null),
    statement: z.string().trim().max(500).default(''),
    given: z.boolean().default(true),
  }),
  z.strictObject({
    ...head,
    type: z.literal('test'),
    test: z.enum(SELF_TESTS),
    fork: name.nullable().default(null),
  }),
]);

export type ControlRequest = z.infer<typeof controlRequestSchema>;
export type RequestOf<Type extends ControlRequest['type']> = Extract<ControlRequest, { type: Type }>;
/** As a client writes it: what has a default may be left out. */
export type ControlQuestion = z.input<typeof controlRequestSchema>;

/** What a good answer holds, by type of request. */
export interface ControlAnswers {
  readonly status: Status;
  readonly subscribe: Status;
  readonly open: { readonly deployment: string };
  readonly close: { readonly deployment: string };
  readonly start: { readonly state: string };
  readonly suspend: { readonly state: string };
  readonly attest: { readonly sentence: string };
  readonly test: Pick<TestResult, 'test' | 'passed' | 'sentence' | 'subject'>;
}

export type ControlReply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      /** `kind` is null for a defect of the program. */
      readonly error: { readonly kind: ErrorName | null; readonly sentence: string };
    };

/** Follows the reply to `subscribe`. */
export interface ControlChange {
  readonly status: Status;
}

/** @throws KerbsideError 'request-invalid' with the first thing that is wrong */
export function parseRequest(line: string): ControlRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid('a line that is not JSON was found, expected one JSON object a line');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('JSON that is no object was found, expected an object with a type');
  }
  const parsed = controlRequestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.join('.') ?? '';
  if (key === 'type') {
    const types = controlRequestSchema.options.map(({ shape }) => shape.type.value).join(', ');
    throw invalid(`type is ${shown((value as Record<string, unknown>)['type'])}, expected one of ${types}`);
  }
  const complaint = (issue?.message ?? 'not understood').replace(/\.$/, '');
  throw invalid(key === '' ? complaint : `${key}: ${complaint}`);
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40));
const invalid = (what: string): KerbsideError => new KerbsideError('request-invalid', `Control request: ${what}.`);

export function errorReply(id: number, error: unknown): ControlReply {
  const known = error instanceof KerbsideError;
  const sentence = error instanceof Error ? error.message : String(error);
  return { id, ok: false, error: { kind: known ? error.kind : null, sentence } };
}

/** The same error on the other side of the socket. */
export function errorOf({ kind, sentence }: Extract<ControlReply, { ok: false }>['error']): Error {
  return kind !== null && kind in ERRORS ? new KerbsideError(kind, sentence) : new Error(sentence);
}
