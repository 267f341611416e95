/** `kerbside site|certificate|operator list|show`: what the packs in force say, and until when it holds. */
import { ERRORS, EXIT, KerbsideError, type ExitCode } from '../../../src/errors.js';
import { lastDayOf } from '../../../src/deployment/checks/certificate.js';
import type { PackHead, PackKind } from '../../../src/site/reference.js';
import { loadConfig, referenceFolder } from '../../config/load.js';
import { loadReference, type LoadedReference } from '../../reference/load.js';
import { issuerRoots } from '../../reference/roots.js';
import type { CliContext, CommandAction } from '../context.js';
import {
  left,
  openedJson,
  packJson,
  packsTable,
  siteDetails,
  siteJson,
  siteRow,
  tableOf,
  dateIn,
  timeIn,
} from '../reference-view.js';

export interface ListOptions {
  /** The kinds that this noun is about. */
  readonly kinds: readonly PackKind[];
  /** Only the packs themselves. */
  readonly packs: boolean;
}

export interface ShowOptions {
  readonly name: string;
}

const SITE_KINDS: readonly PackKind[] = ['sites', 'calendar', 'bulletin'];

interface View {
  readonly json: readonly unknown[];
  readonly tables: readonly (readonly [title: string, head: readonly string[], rows: readonly (readonly string[])[]])[];
}

type Viewer = (loaded: LoadedReference, today: string) => View;

const load = (context: CliContext): Promise<LoadedReference> => {
  const config = loadConfig(context.configPath);
  return loadReference(referenceFolder(config), issuerRoots(config));
};

/** Packs on the disk that are not used are said last, where they are seen, and decide the exit code. */
function warnOf(context: CliContext, { problems }: LoadedReference, kinds: readonly PackKind[]): ExitCode {
  const own = problems.filter(({ kind }) => kinds.includes(kind));
  for (const { sentence } of own) context.warn(sentence);
  const [first] = own;
  return first === undefined ? EXIT.good : ERRORS[first.error][1];
}

const lister =
  (view: Viewer): CommandAction<ListOptions> =>
  async (context, { kinds, packs: onlyPacks }) => {
    const loaded = await load(context);
    const packs = loaded.packs.filter(({ head }) => kinds.includes(head.kind));
    const { json, tables } = view(loaded, dateIn(Date.now()));
    if (context.json) context.printJson(onlyPacks ? packs.map(openedJson) : json);
    else if (packs.length > 0) {
      context.print(packsTable(packs, context.color));
      for (const [title, head, rows] of onlyPacks ? [] : tables) {
        if (rows.length === 0) continue;
        context.print(title);
        context.print(tableOf(head, rows, context.color));
      }
    }
    if (packs.length === 0) context.progress(`No pack of kind ${kinds.join(', ')} is in force.`);
    return warnOf(context, loaded, kinds);
  };

const packOf = (head: PackHead | null): Record<string, unknown> | null => (head === null ? null : packJson(head));

const sitesView: Viewer = ({ sites, reference }) => ({
  json: sites.map((site) => siteJson(site, reference.heads.sites)),
  tables: [
    ['Sites', ['code', 'road', 'limit', 'threshold', 'kind', 'school', 'review by'], sites.map(siteRow)],
    [
      'Static cameras',
      ['id', 'road id', 'limit', 'from', 'until'],
      reference.staticCameras.map(({ id, roadId, limitKmh, operatesFrom, operatesUntil }) => [
        ...[id, roadId, String(limitKmh), operatesFrom, operatesUntil ?? ''],
      ]),
    ],
    [
      'School calendars',
      ['region', 'valid from', 'until', 'terms', 'closures'],
      reference.calendars.map(({ region, validFrom, validUntil, terms, closures }) => [
        ...[region, validFrom, validUntil, String(terms.length), String(closures.length)],
      ]),
    ],
    [
      'Bulletin of deployments',
      ['site', 'camera', 'from', 'until'],
      (reference.bulletin?.deployments ?? []).map(({ siteCode, cameraId, fromUtcMs, untilUtcMs }) => [
        ...[siteCode, cameraId, timeIn(fromUtcMs), timeIn(untilUtcMs)],
      ]),
    ],
  ],
});

export const listSites = lister(sitesView);

/** @throws KerbsideError 'reference-unknown' */
export const showSite: CommandAction<ShowOptions> = async (context, { name }) => {
  const loaded = await load(context);
  const { sites, reference } = loaded;
  const site = sites.find(({ code }) => code === name);
  const code = warnOf(context, loaded, SITE_KINDS);
  if (site === undefined)
    throw unknown(
      'site',
      name,
      sites.map((each) => each.code),
    );
  const head = reference.heads.sites;
  const activities = reference.activities.filter(({ siteCode }) => siteCode === name);
  if (context.json) context.printJson({ ...site, activities, pack: packOf(head) });
  else {
    if (head?.demo === true) context.print('DEMO, NOT EVIDENCE');
    context.print(tableOf([], siteDetails(site, reference), context.color));
  }
  return code;
};

const certificatesView: Viewer = ({ reference }, today) => {
  const { certificates, repairs, approvedTypes, heads } = reference;
  const of = (kind: string, subject: string) =>
    repairs.filter((repair) => repair.kind === kind && repair.subject === subject);
  return {
    json: certificates.map((certificate) => {
      const lastDay = lastDayOf(certificate.issuedOn, certificate.validUntil);
      const own = of(certificate.kind, certificate.subject);
      return {
        ...certificate,
        lastDay,
        daysLeft: left(lastDay, today).days,
        repairs: own,
        pack: packOf(heads.certificates),
      };
    }),
    tables: [
      [
        'Certificates of accuracy, and when they expire',
        ['kind', 'subject', 'number', 'issued', 'last day', ''],
        [...certificates]
          .sort((a, b) => lastDayOf(a.issuedOn, a.validUntil).localeCompare(lastDayOf(b.issuedOn, b.validUntil)))
          .map((certificate) => {
            const { kind, subject, number, issuedOn, forkKmh } = certificate;
            const what = forkKmh === null ? kind : `${kind} ${forkKmh} km/h`;
            return [
              what,
              subject,
              number,
              issuedOn,
              lastDayOf(certificate.issuedOn, certificate.validUntil),
              left(lastDayOf(certificate.issuedOn, certificate.validUntil), today).words,
            ];
          }),
      ],
      [
        'Repairs',
        ['kind', 'subject', 'repaired', 'what', 'tested', 'new certificate needed'],
        repairs.map(({ kind, subject, repairedOn, what, testedOn, recertify }) => [
          ...[kind, subject, repairedOn, what, testedOn ?? 'not yet: not to be used', recertify ? 'yes' : 'no'],
        ]),
      ],
      [
        'Approved types',
        ['model', 'notice', 'gazetted'],
        approvedTypes.map(({ model, notice, gazettedOn }) => [model, notice, gazettedOn]),
      ],
    ],
  };
};

export const listCertificates = lister(certificatesView);

/** By number, by subject, or an approved type by its model. @throws KerbsideError 'reference-unknown' */
export const showCertificate: CommandAction<ShowOptions> = async (context, { name }) => {
  const loaded = await load(context);
  const { certificates, repairs, approvedTypes, heads } = loaded.reference;
  const own = {
    certificates: certificates.filter(({ number, subject }) => number === name || subject === name),
    repairs: repairs.filter(({ subject }) => subject === name),
    approvedTypes: approvedTypes.filter(({ model }) => model === name),
  };
  const code = warnOf(context, loaded, ['certificates']);
  if (own.certificates.length + own.repairs.length + own.approvedTypes.length === 0) {
    throw unknown(
      'certificate',
      name,
      certificates.map(({ number }) => number),
    );
  }
  if (context.json) context.printJson({ ...own, pack: packOf(heads.certificates) });
  else
    printView(context, certificatesView({ ...loaded, reference: { ...loaded.reference, ...own } }, dateIn(Date.now())));
  return code;
};

const operatorsView: Viewer = ({ reference }, today) => {
  const { operators, vehicles, heads } = reference;
  const pack = packOf(heads.operators);
  return {
    json: [
      ...operators.map((operator) => ({
        ...{ type: 'operator', ...operator, daysLeft: left(operator.validUntil, today).days, pack },
      })),
      ...vehicles.map((vehicle) => ({ type: 'vehicle', ...vehicle, pack })),
    ],
    tables: [
      [
        'Operators',
        ['id', 'name', 'trained', 'last day', ''],
        operators.map(({ id, name, trainedOn, validUntil }) => [
          ...[id, name, trainedOn, validUntil, left(validUntil, today).words],
        ]),
      ],
      [
        'Vehicles',
        ['registration', 'what', 'from', 'until'],
        vehicles.map(({ registration, description, from, until }) => [registration, description, from, until ?? '']),
      ],
    ],
  };
};

export const listOperators = lister(operatorsView);

/** An operator by id, or a vehicle by registration. @throws KerbsideError 'reference-unknown' */
export const showOperator: CommandAction<ShowOptions> = async (context, { name }) => {
  const loaded = await load(context);
  const operators = loaded.reference.operators.filter(({ id }) => id === name);
  const vehicles = loaded.reference.vehicles.filter(({ registration }) => registration === name);
  const code = warnOf(context, loaded, ['operators']);
  if (operators.length + vehicles.length === 0) {
    throw unknown(
      'operator',
      name,
      loaded.reference.operators.map(({ id }) => id),
    );
  }
  const view = operatorsView(
    { ...loaded, reference: { ...loaded.reference, operators, vehicles } },
    dateIn(Date.now()),
  );
  if (context.json) context.printJson(view.json[0]);
  else printView(context, view);
  return code;
};

function printView(context: CliContext, { tables }: View): void {
  for (const [title, head, rows] of tables) {
    if (rows.length === 0) continue;
    context.print(title);
    context.print(tableOf(head, rows, context.color));
  }
}

const MOST_NAMES = 20;

function unknown(noun: string, name: string, known: readonly string[]): KerbsideError {
  const shown = known.slice(0, MOST_NAMES).join(', ');
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : '';
  const expected = known.length === 0 ? 'expected a pack to be imported first' : `expected one of ${shown}${more}`;
  return new KerbsideError(
    'reference-unknown',
    `No ${noun} ${JSON.stringify(name)} is in the packs in force, ${expected}.`,
  );
}
