/**
 * The readiness checks without a controller: the same code, fed with the time and the age of the oldest image alone. What only instruments can tell
 * fails or is unknown; what the packs tell of site, operator, certificates and calendar is judged as of now.
 */
import type { ControllerConfig } from '../../src/controller-config.js';
import { createController } from '../../src/controller.js';
import type { DeploymentPlan } from '../../src/deployment/plan.js';
import type { Finding } from '../../src/deployment/readiness.js';
import { KerbsideError } from '../../src/errors.js';
import type { Site } from '../../src/site/types.js';
import type { Output } from '../../src/timeline.js';
import { plusNs, type UtcMs } from '../../src/units.js';
import { loadSite, toControllerConfig } from '../config/load.js';
import type { KerbsideConfig } from '../config/schema.js';
import { clockInput } from '../drivers/clock.js';
import { hasStore, readOldestUnexported } from '../store/reader.js';
import { NO_SITE } from '../van/no-site.js';
import { asPlanned, knownOperator, knownSite } from '../van/plan-request.js';
import type { Shelved } from '../van/shelf.js';

export interface OfflineAsked {
  /** Of the imported packs; null: no site. */
  readonly site: string | null;
  readonly operator: string | null;
}

export interface OfflineResult {
  readonly siteCode: string | null;
  readonly demo: boolean;
  readonly findings: readonly Finding[];
}

/** @throws KerbsideError 'usage', 'deployment-invalid', 'site-unreadable', 'site-invalid' */
export async function checkOffline(
  config: KerbsideConfig,
  asked: OfflineAsked,
  shelf: () => Promise<Shelved>,
): Promise<OfflineResult> {
  // A folder without a store has no image that could wait (EXP-1).
  const oldestUtcMs = hasStore(config.dataDir) ? ((await readOldestUnexported(config.dataDir)) ?? null) : null;
  if (config.siteFile !== undefined) {
    if (asked.site !== null || asked.operator !== null) {
      throw new KerbsideError(
        'usage',
        'kerbside check: --site and --operator go with imported packs, but the configuration names a siteFile.',
      );
    }
    const controller = toControllerConfig(config, loadSite(config.siteFile), false);
    return { siteCode: controller.site.code, demo: controller.demo, findings: judgeAlone(controller, oldestUtcMs) };
  }
  const shelved = await shelf();
  const code = asked.site ?? config.installation.site ?? null;
  const site = code === null ? null : knownSite(code, shelved);
  if (asked.operator !== null) knownOperator(asked.operator, shelved);
  const plan = planFor(site ?? NO_SITE, asked.operator, config);
  const setup = { plan, reference: shelved.reference };
  const controller = toControllerConfig(config, asPlanned(site ?? NO_SITE, plan), false, setup);
  const findings = judgeAlone(controller, oldestUtcMs).map((finding) =>
    withoutWhatWasNotAsked(finding, site, asked, config),
  );
  return { siteCode: site?.code ?? null, demo: controller.demo, findings };
}

function judgeAlone(controller: ControllerConfig, oldestUtcMs: UtcMs | null): readonly Finding[] {
  const session = createController(controller);
  const out: Output[] = [];
  const clock = clockInput({ disciplined: false, uncertaintyMs: null });
  // First: the checks are told at once when the time is known, and then not again within this moment.
  session.handle({ type: 'unexported', atNs: clock.atNs, oldestUtcMs }, out);
  session.handle(clock, out);
  session.handle({ type: 'tick', atNs: plusNs(clock.atNs, 1) }, out);
  return out.findLast((output) => output.type === 'checks')?.findings ?? [];
}

function planFor(site: Site, operatorId: string | null, config: KerbsideConfig): DeploymentPlan {
  const isStatic = config.installation.kind === 'static';
  return {
    operatorId,
    vehicle: isStatic ? null : config.vehicle,
    lanes: site.lanes.filter(({ monitored }) => monitored).map(({ id }) => id),
    vanHeading: site.deployment.vanHeading,
    lateralM: site.deployment.lateralM,
    occupier: null,
    weather: null,
    start: isStatic ? 'automatic' : 'operator',
  };
}

/** Rules that speak of the site, where no site was named. */
const OF_SITE = /^(DET|SCH|LIM|SITE|DEP)-/;

function withoutWhatWasNotAsked(
  finding: Finding,
  site: Site | null,
  { operator }: OfflineAsked,
  { installation }: KerbsideConfig,
): Finding {
  if (site === null && OF_SITE.test(finding.rule)) return notAsked(finding, 'no site was named, --site CODE does');
  const byPlan = finding.source === 'plan' && finding.force !== 'attestable';
  if (operator === null && installation.kind === 'mobile' && finding.rule === 'OPR-1') {
    return notAsked(finding, 'no operator was named, --operator ID does');
  }
  return byPlan && site === null ? notAsked(finding, 'no deployment was entered') : finding;
}

const notAsked = (finding: Finding, why: string): Finding => ({
  ...finding,
  status: 'unknown',
  value: null,
  ageMs: null,
  sentence: `${finding.title}: ${why}.`,
});
