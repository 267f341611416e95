/** What the operator vouches for by name, for this deployment alone; printed in the register (OPR-2). */
import type { Judgement, ReadinessFacts } from '../readiness.js';
import { judged } from './judge.js';

/**
 * @param id of the check
 * @param asked what he says yes to
 */
export function attested(facts: ReadinessFacts, id: string, asked: string): Judgement {
  const found = facts.attestations.get(id);
  if (found?.given !== true)
    return judged(false, `${asked} The operator must vouch for it.`, { value: false, limit: true });
  const words = found.statement === '' ? 'yes' : found.statement;
  return judged(true, `${asked} ${found.by}: ${words}`, { value: found.by, limit: true });
}
