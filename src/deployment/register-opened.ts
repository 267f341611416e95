/**
 * Reads back what an `opened` event states (`office-events.ts`). Records outlive programs, so each part is taken by itself:
 * what another version wrote otherwise is not known, and takes nothing else with it.
 */
import { z } from 'zod';
import type { DeploymentEvent } from './events.js';

const text = z.string();
const known = text.nullable();
const boundBy = z.enum(['rule', 'geometry']);
const along = z.enum(['increasing', 'decreasing']);

const PARTS = {
  startedBy: text,
  plan: z.object({ operatorId: known, vehicle: known, occupier: known, weather: known }),
  camera: z.object({ id: text, model: text, approvalNotice: known }),
  radar: z.object({ protocol: text, serialNumber: known, angleDeg: z.number(), corrected: z.boolean() }),
  forks: z.array(text),
  vehicle: text,
  installation: text,
  site: z.object({
    code: text,
    road: text,
    locality: known,
    version: known,
    sha256: text,
    zone: text,
    school: known,
    temporaryLimit: z.boolean(),
  }),
  limit: z.object({ limitKmh: z.number(), authority: known, date: known }),
  threshold: z.object({ speedKmh: z.number(), authority: text, date: text }),
  lanes: z.array(z.object({ id: text, direction: along, monitored: z.boolean() })),
  vanHeading: text,
  facing: text,
  lateralM: z.number(),
  distances: z.object({
    boundM: z.number(),
    boundBy,
    version: text,
    zoneM: z.number(),
    byRule: z.array(z.object({ rule: text, boundM: z.number(), boundBy, zoneM: z.number() })).default([]),
    points: z.array(z.object({ rule: text, what: text, chainageM: z.number() })),
  }),
  packs: z.array(
    z.object({
      kind: text,
      issuer: text,
      serial: z.number(),
      issuedUtcMs: z.number(),
      sha256: text,
      demo: z.boolean(),
    }),
  ),
  certificates: z.array(
    z.object({
      kind: z.enum(['camera', 'radar', 'fork', 'site']),
      number: text,
      subject: known,
      issuer: text,
      issuedOn: text,
      validUntil: known,
    }),
  ),
  software: z.object({ version: text, commit: known, sha256: text }),
} as const;

type Parts = typeof PARTS;
type PartOf<Key extends keyof Parts> = z.infer<Parts[Key]>;

/** Lists are empty, all else null where it is not known. */
export type ReadOpened = {
  readonly [Key in keyof Parts]: PartOf<Key> extends readonly unknown[] ? PartOf<Key> : PartOf<Key> | null;
};

export function readOpened(event: DeploymentEvent | null): ReadOpened {
  const detail = event?.detail ?? {};
  const read = Object.entries(PARTS).map(([name, schema]): [string, unknown] => {
    const result = schema.safeParse(detail[name]);
    if (result.success) return [name, result.data];
    return [name, schema instanceof z.ZodArray ? [] : null];
  });
  // Each part was read by its own schema.
  return Object.fromEntries(read) as ReadOpened;
}
