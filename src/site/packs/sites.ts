/**
 * Content of a `sites` pack (SITE-3): the sites as in a site file, with all that a site file may leave out and an
 * approved site has, and the static cameras of their roads (DEP-11).
 *
 * Rules met here: LIM-1 (the code is bound to the limit that its road has), SITE-1 (three blocks), SITE-2 (approved),
 * SITE-4 (heights of a static site), SCH-1 (grounds and direct access), DEP-10 (adjoining sites know each other).
 * Surprise: a history may announce a change that is still to come; what counts is the limit on the day of issue.
 */
import { z } from 'zod';
import { KerbsideError } from '../../errors.js';
import { kmh, metres } from '../../units.js';
import { SCHOOL_REGIONS } from '../holidays.js';
import type { SitesContent, StaticCamera } from '../reference.js';
import { siteSchema, toSite, type SiteFile } from '../site-file.js';
import type { Site } from '../types.js';
import { dateOf, duplicates, inOrder, isoDate, notAfterIssue, packHead, text, type Complaint } from './head.js';

/** SITE-1. */
const MOST_BLOCKS = 3;
const MOST_SITES = 20_000;

const geoPoint = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

export const sitesSchema = z.strictObject({
  ...packHead('sites'),
  sites: z.array(siteSchema).min(1).max(MOST_SITES),
  staticCameras: z
    .array(
      z.strictObject({
        id: text.max(40),
        roadId: text.max(40).describe('The road through all its names (DEP-11)'),
        roadChainageM: z.number().min(0).max(2_000_000).nullable().default(null),
        position: geoPoint,
        limitKmh: z.int().min(10).max(130),
        operatesFrom: isoDate,
        operatesUntil: isoDate.nullable().default(null).describe('Last day; null: still operating'),
      }),
    )
    .max(5000)
    .default([]),
});

type SitesFile = z.infer<typeof sitesSchema>;

export function checkSites(file: SitesFile): Complaint[] {
  const known = new Map(file.sites.map((site) => [site.code, site]));
  return [
    ...duplicates(file.sites, (site) => site.code).map((index) => ({
      path: ['sites', index, 'code'],
      clause: 'is found twice, expected each site code once (LIM-1)',
    })),
    ...file.sites.flatMap((site, index) => checkSite(site, index, file, known)),
    ...checkCameras(file),
  ];
}

function checkSite(site: SiteFile, index: number, file: SitesFile, known: ReadonlyMap<string, SiteFile>): Complaint[] {
  const at = (...rest: (string | number)[]): (string | number)[] => ['sites', index, ...rest];
  try {
    toSite(site);
  } catch (error) {
    if (!(error instanceof KerbsideError)) throw error;
    return [{ path: at(), clause: `: ${error.message.replace(/\.$/, '')}` }];
  }
  return [
    ...checkPlace(site, at),
    ...checkExtent(site, at),
    ...checkApproval(site, file, at),
    ...checkHistory(site, file, at),
    ...checkSchool(site, at),
    ...checkAdjoining(site, known, at),
  ];
}

type At = (...rest: (string | number)[]) => (string | number)[];

/** The wrong zone would put every school hour wrong by 45 minutes. */
function checkPlace({ zone, centreline }: SiteFile, at: At): Complaint[] {
  const longitude = centreline[0]?.longitude ?? 0;
  const isChatham = longitude > -179 && longitude < -174;
  if (isChatham === (zone === 'Pacific/Chatham')) return [];
  const expected = isChatham ? 'Pacific/Chatham' : 'Pacific/Auckland, or a place on the Chatham Islands';
  return [{ path: at('zone'), clause: `is ${zone}, expected ${expected}: the centreline begins at ${longitude} east` }];
}

function checkExtent({ installation, setting, blocks, altitudesM, centreline }: SiteFile, at: At): Complaint[] {
  const complaints: Complaint[] = [];
  if (installation === 'mobile' && setting === 'urban' && (blocks === null || blocks > MOST_BLOCKS)) {
    const clause = `is ${blocks ?? 'missing'}, expected 1 to ${MOST_BLOCKS} blocks at an urban site (SITE-1)`;
    complaints.push({ path: at('blocks'), clause });
  }
  if (altitudesM !== null && altitudesM.length !== centreline.length) {
    const clause = `has ${altitudesM.length} heights, expected ${centreline.length}, one for each point (SITE-4)`;
    complaints.push({ path: at('altitudesM'), clause });
  }
  if (installation === 'static' && altitudesM === null) {
    complaints.push({ path: at('altitudesM'), clause: 'is missing, expected heights at a static site (SITE-4)' });
  }
  return complaints;
}

function checkApproval({ approval, reviewedOn, threshold }: SiteFile, file: SitesFile, at: At): Complaint[] {
  if (approval === null) {
    return [
      { path: at('approval'), clause: 'is missing, expected the authority and the date of the approval (SITE-2)' },
    ];
  }
  return [
    ...notAfterIssue(at('approval', 'date'), approval.date, file),
    ...notAfterIssue(at('reviewedOn'), reviewedOn, file),
    ...inOrder(at('reviewedOn'), approval.date, reviewedOn, 'the date of the approval (SITE-2)'),
    ...notAfterIssue(at('threshold', 'date'), threshold.date, file),
  ];
}

/** LIM-1 to LIM-3 rest on it: without a history nobody can say that the limit did not change last week. */
function checkHistory({ limitHistory, limitKmh }: SiteFile, file: SitesFile, at: At): Complaint[] {
  const complaints = limitHistory.flatMap((period, index): Complaint[] => {
    const before = limitHistory[index - 1];
    if (before === undefined || before.from < period.from) return [];
    const clause = `is ${period.from}, expected a day after ${before.from}, since the oldest comes first`;
    return [{ path: at('limitHistory', index, 'from'), clause }];
  });
  if (complaints.length > 0) return complaints;
  const day = dateOf(file.issuedAt);
  const inForce = limitHistory.filter(({ from }) => from <= day).at(-1);
  if (inForce === undefined) {
    const clause = `has no limit that is in force on ${day}, expected the posted limits of the road, oldest first (LIM-1)`;
    return [{ path: at('limitHistory'), clause }];
  }
  if (inForce.limitKmh === limitKmh) return [];
  const since = `${inForce.limitKmh} km/h, the limit since ${inForce.from}; a changed limit is a new site code (LIM-1)`;
  return [{ path: at('limitKmh'), clause: `is ${limitKmh}, expected ${since}` }];
}

function checkSchool({ school, variableLimits, highRiskTimes }: SiteFile, at: At): Complaint[] {
  if (school === null) {
    const onlyThere = { variableLimits, highRiskTimes };
    return Object.entries(onlyThere).flatMap(([key, times]): Complaint[] =>
      times.length === 0 ? [] : [{ path: at(key), clause: `is given, expected it at a school site only` }],
    );
  }
  const complaints: Complaint[] = [];
  if (school.region === null) {
    complaints.push({ path: at('school'), clause: 'has no region, expected the region of its calendar (SCH-2)' });
  } else if (!SCHOOL_REGIONS.includes(school.region)) {
    const clause = `is ${school.region}, expected one of ${SCHOOL_REGIONS.join(', ')}`;
    complaints.push({ path: at('school', 'region'), clause });
  }
  if (school.boundary === null) {
    complaints.push({ path: at('school'), clause: 'has no boundary, expected the corners of its grounds (SCH-1)' });
  }
  if (school.directAccess !== true) {
    const found = school.directAccess === null ? 'does not say directAccess' : 'says directAccess: false';
    complaints.push({ path: at('school'), clause: `${found}, expected a road that leads to the school (SCH-1)` });
  }
  return complaints;
}

/** DEP-10 holds both ways; a code that one of the two forgets would let the other be worked. */
function checkAdjoining(site: SiteFile, known: ReadonlyMap<string, SiteFile>, at: At): Complaint[] {
  return site.adjoining.flatMap((other, index): Complaint[] => {
    const path = at('adjoining', index);
    if (other === site.code) return [{ path, clause: `is ${other}, the site itself, expected another site (DEP-10)` }];
    const found = known.get(other);
    if (found === undefined) return [{ path, clause: `is ${other}, expected a site of this pack (DEP-10)` }];
    if (found.adjoining.includes(site.code)) return [];
    return [
      { path, clause: `is ${other}, which does not name ${site.code}; expected both to name each other (DEP-10)` },
    ];
  });
}

const checkCameras = (file: SitesFile): Complaint[] => [
  ...duplicates(file.staticCameras, ({ id }) => id).map((index) => ({
    path: ['staticCameras', index, 'id'],
    clause: 'is found twice, expected each static camera once',
  })),
  ...file.staticCameras.flatMap(({ operatesFrom, operatesUntil }, index) =>
    inOrder(['staticCameras', index, 'operatesUntil'], operatesFrom, operatesUntil, 'the first day'),
  ),
];

/** Only for a file without complaints. */
export function toSitesContent(file: SitesFile): SitesContent {
  const version = `sites ${file.serial}`;
  return {
    sites: file.sites.map((site): Site => toSite({ ...site, version: site.version ?? version })),
    staticCameras: file.staticCameras.map((camera): StaticCamera => ({
      ...camera,
      roadChainageM: camera.roadChainageM === null ? null : metres(camera.roadChainageM),
      limitKmh: kmh(camera.limitKmh),
    })),
  };
}
