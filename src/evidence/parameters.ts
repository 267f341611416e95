/**
 * The measuring parameters: every setting on which a speed, a verdict or the tie between image and trigger depends. A
 * session in which one differs from the session before moves the event counter, which nobody can set back. A site is
 * data that is changed by driving on: its parameters are compared with those under which the same code was last used.
 */
import type { ControllerConfig } from '../controller-config.js';
import type { SoftwareFacts } from './record-context.js';

/** Name to JSON, in the order of the names. */
export type Parameters = ReadonlyMap<string, string>;

export interface ParameterChange {
  readonly name: string;
  /** JSON; null: there was none, or is none any more. */
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

const SITE_PREFIX = 'site.';

export function measuringParameters(config: ControllerConfig, software: SoftwareFacts): Parameters {
  const { camera, radar, mounting, lines, installation, equipment } = config;
  const { approvalNotice: _notice, ...cameraSettings } = camera;
  const entries = [
    ...leaves('camera', cameraSettings),
    ...leaves('radar', radar),
    ...leaves('mounting', mounting),
    ...leaves('lines', lines),
    ...leaves('installation', installation),
    ...leaves('equipment.radarSerial', equipment.radarSerial),
    ...leaves('software', { version: software.version, sha256: software.sha256 }),
    ...leaves(`${SITE_PREFIX}${config.site.code}`, siteSettings(config)),
  ];
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What the site's data say that a verdict rests on. How the van stands there and which lanes it watches is entered anew for
 * each deployment and stands in its register; only a bench has it in the site itself.
 */
function siteSettings({ site, plan }: ControllerConfig): object {
  const { code: _code, road: _road, locality: _locality, approval: _approval, reviewedOn: _reviewed, ...rest } = site;
  const { adjoining: _adjoining, ...settings } = rest;
  if (plan === null) return settings;
  const { deployment: _stance, lanes, ...surveyed } = settings;
  return { ...surveyed, lanes: lanes.map(({ monitored: _monitored, ...lane }) => lane) };
}

/** Lists are one value: a lane more or less is one change. */
function leaves(path: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

/** The text whose SHA-256 stands in every record. */
export function parametersText(parameters: Parameters): string {
  return [...parameters].map(([name, value]) => `${name}=${value}\n`).join('');
}

const siteOf = (name: string): string | null =>
  name.startsWith(SITE_PREFIX) ? name.slice(0, name.indexOf('.', SITE_PREFIX.length)) : null;

/**
 * @param before every parameter that was ever in force, with its last value; empty before the first session
 * @param now those of this session
 * @returns what differs; nothing for what is in force for the first time ever: that is no change of anything
 */
export function parameterChanges(before: Parameters, now: Parameters): ParameterChange[] {
  if (before.size === 0) return [];
  const knownSites = new Set([...before.keys()].map(siteOf));
  const isNewSite = (name: string): boolean => siteOf(name) !== null && !knownSites.has(siteOf(name));
  const sitesNow = new Set([...now.keys()].map(siteOf));
  const concerned = (name: string): boolean => siteOf(name) === null || sitesNow.has(siteOf(name));
  const names = new Set([...now.keys(), ...[...before.keys()].filter(concerned)]);
  return [...names].sort().flatMap((name) => {
    const oldValue = before.get(name) ?? null;
    const newValue = now.get(name) ?? null;
    return oldValue === newValue || isNewSite(name) ? [] : [{ name, oldValue, newValue }];
  });
}
