/**
 * The site file: its shape (zod) and what must hold between its values. Keys are those of `Site`; unknown keys are
 * errors. Reading the file and finding the line of a complaint is the caller's part.
 *
 * Rules met here: DET-1 (a threshold is data with an authority and a date), LIM-1 (one code, one limit: there is no
 * list of limits to edit), SITE-1 (one named road, at most 5 km), SCH-3 and SCH-4 (a school site names its school).
 */
import { z } from 'zod';
import { KerbsideError } from '../errors.js';
import { kmh, metres } from '../units.js';
import { lineLengthM } from './geodesy.js';
import { INSTALLATION_KINDS, type Site } from './types.js';

export const SITE_ZONES = ['Pacific/Auckland', 'Pacific/Chatham'] as const;
/** SITE-1: longest mobile site. */
const LONGEST_SITE_M = 5000;
/** Points closer than this are one survey mark entered twice. */
const CLOSEST_POINTS_M = 0.5;

const text = z.string().trim().min(1).max(120);
const along = z.enum(['increasing', 'decreasing']).describe('Along the centreline: chainage grows, or falls');
const chainage = z.number().min(0).describe('Metres along the centreline from its first point');
const limit = z.int().min(10).max(130);

const geoPoint = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a local time of day as HH:MM' });

const isoDate = z.iso.date({ error: 'expected a calendar date as YYYY-MM-DD' });

const NO_THRESHOLD =
  'DET-1: the site has no threshold; expected threshold with speedKmh, authority and date, as issued for this site';

const threshold = z.strictObject(
  {
    speedKmh: z.int().min(10).max(200).describe('A vehicle is enforced when its truncated speed is above this'),
    authority: text.describe('Who set it (DET-1)'),
    date: isoDate.describe('When it was set (DET-1)'),
  },
  { error: (issue) => (issue.input === undefined || issue.input === null ? NO_THRESHOLD : undefined) },
);

export const siteSchema = z.strictObject({
  code: text.max(20).describe('Site code, bound to one limit for ever (LIM-1)'),
  road: text.describe('The one named road (SITE-1)'),
  locality: text.nullable().default(null),
  version: text.nullable().default(null).describe('Version of these data as their issuer names it'),
  zone: z.enum(SITE_ZONES).describe('Zone of the local time on images'),
  centreline: z.array(geoPoint).min(2).max(2000).describe('Surveyed points in order; chainage counts from the first'),
  lanes: z
    .array(
      z.strictObject({
        id: text.max(10),
        direction: along,
        widthM: z.number().min(2).max(8).default(3.5),
        monitored: z.boolean(),
      }),
    )
    .min(1)
    .max(12)
    .describe('From the van outward'),
  limitKmh: limit,
  limitSource: z
    .strictObject({ authority: text, date: isoDate })
    .nullable()
    .default(null)
    .describe('Who set the limit, and when (LIM-1)'),
  threshold,
  limitDrops: z
    .array(z.strictObject({ chainageM: chainage, direction: along, toKmh: limit }))
    .max(50)
    .default([])
    .describe('DEP-8: where the posted limit drops for traffic in this direction'),
  merges: z
    .array(z.strictObject({ chainageM: chainage, direction: along }))
    .max(50)
    .default([])
    .describe('DEP-9: final merges of passing or slow-vehicle lanes'),
  temporaryLimit: z.boolean().default(false),
  school: z
    .strictObject({
      name: text,
      region: text.max(40).nullable().default(null).describe('Region of its school calendar'),
      boundary: z.array(geoPoint).min(3).max(500).nullable().default(null).describe('SCH-1: corners of the grounds'),
      directAccess: z.boolean().nullable().default(null).describe('SCH-1: the road leads to the school'),
    })
    .nullable()
    .default(null)
    .describe('SCH-4: the school, at a school site'),
  installation: z.enum(INSTALLATION_KINDS).default('mobile'),
  setting: z.enum(['rural', 'urban']).default('rural'),
  blocks: z.int().min(1).max(20).nullable().default(null).describe('SITE-1: blocks that an urban site spans'),
  approval: z.strictObject({ authority: text, date: isoDate }).nullable().default(null).describe('SITE-2'),
  reviewedOn: isoDate.nullable().default(null).describe('SITE-2: last review'),
  roadReference: z
    .strictObject({ roadId: text.max(40), startM: z.number().min(0).max(2_000_000), direction: along })
    .nullable()
    .default(null)
    .describe('DEP-11: the road through all its names, and where on it the centreline begins'),
  adjoining: z.array(text.max(20)).max(20).default([]).describe('DEP-10: codes of adjoining sites'),
  limitHistory: z
    .array(z.strictObject({ limitKmh: limit, from: isoDate, authority: text }))
    .max(50)
    .default([])
    .describe('LIM-1 to LIM-3: posted limits of this road, oldest first'),
  highRiskTimes: z
    .array(z.strictObject({ from: timeOfDay, until: timeOfDay }))
    .max(10)
    .default([])
    .describe('LIM-2: when a school site may be worked within a month of a change'),
  variableLimits: z
    .array(z.strictObject({ from: timeOfDay, until: timeOfDay, limitKmh: limit, threshold }))
    .max(10)
    .default([])
    .describe('Another legal limit at certain times of a school day'),
  altitudesM: z.array(z.number().min(-50).max(4000)).max(2000).nullable().default(null).describe('SITE-4'),
  deployment: z.strictObject({
    vanHeading: along.describe('Direction in which the van faces'),
    lateralM: z.number().min(1).max(30).default(5.25).describe('From the antenna to the centre of the nearest lane'),
  }),
});

/** The site file after defaults. */
export type SiteFile = z.infer<typeof siteSchema>;

/** @throws KerbsideError 'site-invalid' with the first contradiction between the values */
export function toSite(parsed: SiteFile): Site {
  const lengthM = lineLengthM(parsed.centreline);
  checkThreshold(parsed);
  checkTimes(parsed);
  checkLanes(parsed);
  checkCentreline(parsed, lengthM);
  checkPoints(parsed, lengthM);
  return {
    ...parsed,
    lanes: parsed.lanes.map((lane) => ({ ...lane, widthM: metres(lane.widthM) })),
    limitKmh: kmh(parsed.limitKmh),
    threshold: { ...parsed.threshold, speedKmh: kmh(parsed.threshold.speedKmh) },
    limitDrops: parsed.limitDrops.map((drop) => ({
      ...drop,
      chainageM: metres(drop.chainageM),
      toKmh: kmh(drop.toKmh),
    })),
    merges: parsed.merges.map((merge) => ({ ...merge, chainageM: metres(merge.chainageM) })),
    roadReference:
      parsed.roadReference === null ? null : { ...parsed.roadReference, startM: metres(parsed.roadReference.startM) },
    limitHistory: parsed.limitHistory.map((period) => ({ ...period, limitKmh: kmh(period.limitKmh) })),
    variableLimits: parsed.variableLimits.map((each) => ({
      ...each,
      limitKmh: kmh(each.limitKmh),
      threshold: { ...each.threshold, speedKmh: kmh(each.threshold.speedKmh) },
    })),
    altitudesM: parsed.altitudesM?.map((altitudeM) => metres(altitudeM)) ?? null,
    deployment: { ...parsed.deployment, lateralM: metres(parsed.deployment.lateralM) },
  };
}

/** DET-1: the camera captures speeds above the limit, so a threshold below it would fine the law-abiding. */
function checkThreshold({ code, threshold: { speedKmh }, limitKmh }: SiteFile): void {
  if (speedKmh < limitKmh) {
    refuse(code, `threshold.speedKmh is ${speedKmh}; expected at least the limit of ${limitKmh} km/h (DET-1)`);
  }
}

/** At each time of day one limit is in force, and the threshold of each is not below it (DET-1). */
function checkTimes({ code, highRiskTimes, variableLimits }: SiteFile): void {
  const times = [
    ...highRiskTimes.map((time, index) => ({ ...time, name: `highRiskTimes[${index}]` })),
    ...variableLimits.map((time, index) => ({ ...time, name: `variableLimits[${index}]` })),
  ];
  for (const { name, from, until } of times) {
    if (from >= until) refuse(code, `${name} is from ${from} until ${until}; expected its end after its beginning`);
  }
  variableLimits.forEach(({ from, until, limitKmh, threshold: { speedKmh } }, index) => {
    const other = variableLimits.slice(0, index).find((earlier) => from < earlier.until && earlier.from < until);
    if (other !== undefined) {
      const overlap = `variableLimits[${index}] (${from} to ${until}) overlaps ${other.from} to ${other.until}`;
      refuse(code, `${overlap}; expected one limit at a time`);
    }
    if (speedKmh < limitKmh) {
      const found = `variableLimits[${index}].threshold.speedKmh is ${speedKmh}`;
      refuse(code, `${found}; expected at least its limit of ${limitKmh} km/h (DET-1)`);
    }
  });
}

function checkLanes({ code, lanes, deployment }: SiteFile): void {
  const ids = new Set<string>();
  for (const { id } of lanes) {
    if (ids.has(id)) refuse(code, `lane id ${id} is found twice; expected each lane once`);
    ids.add(id);
  }
  if (!lanes.some((lane) => lane.monitored)) refuse(code, 'no lane is monitored; expected at least one');
  const halfM = (lanes[0]?.widthM ?? 0) / 2;
  if (deployment.lateralM < halfM) {
    refuse(code, `deployment.lateralM is ${deployment.lateralM}; expected at least ${halfM}, outside the nearest lane`);
  }
}

function checkCentreline({ code, centreline }: SiteFile, lengthM: number): void {
  centreline.forEach((point, index) => {
    const next = centreline[index + 1];
    if (next !== undefined && lineLengthM([point, next]) < CLOSEST_POINTS_M) {
      refuse(code, `centreline points ${index + 1} and ${index + 2} are the same place; expected different points`);
    }
  });
  if (lengthM > LONGEST_SITE_M) {
    refuse(code, `the centreline is ${lengthM.toFixed(0)} m long; expected at most ${LONGEST_SITE_M} m (SITE-1)`);
  }
}

function checkPoints({ code, limitDrops, merges, limitKmh }: SiteFile, lengthM: number): void {
  const points = [
    ...limitDrops.map((drop, index) => ({ name: `limitDrops[${index}]`, chainageM: drop.chainageM })),
    ...merges.map((merge, index) => ({ name: `merges[${index}]`, chainageM: merge.chainageM })),
  ];
  for (const { name, chainageM } of points) {
    if (chainageM > lengthM) {
      refuse(
        code,
        `${name}.chainageM is ${chainageM}; expected a place on the centreline, 0 to ${lengthM.toFixed(1)} m`,
      );
    }
  }
  limitDrops.forEach((drop, index) => {
    // Equal: the drop by which traffic comes into the site's own limit.
    if (drop.toKmh > limitKmh) {
      refuse(code, `limitDrops[${index}].toKmh is ${drop.toKmh}; expected at most the limit of ${limitKmh} km/h`);
    }
  });
}

function refuse(code: string, what: string): never {
  throw new KerbsideError('site-invalid', `Site ${code}: ${what}.`);
}
