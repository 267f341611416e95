/** What the I/O board said counts for one second. Resumes: it reports again, and each of its switches is judged anew. */
import { NS_PER_S, plusNs } from '../../units.js';
import type { Check } from '../readiness.js';
import { judged, seconds, unlessBoardReports } from './judge.js';

/** Reports come several times a second; older than this, a tailgate may have been moved unseen. */
export const BOARD_STALE_NS = 1 * NS_PER_S;
const LIMIT_S = BOARD_STALE_NS / NS_PER_S;

const LIMITS = { unit: 's', limit: LIMIT_S };

export const boardStale: Check = {
  id: 'board-stale',
  rule: 'board',
  title: 'Age of the I/O board report',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const { board, config, nowNs } = facts;
    const aside = unlessBoardReports(facts);
    if (!config.hasIoBoard && aside !== null) return aside;
    if (!board.up) return judged(false, `I/O board: ${board.detail}.`, LIMITS);
    if (board.report === null || board.reportNs === null) {
      return judged(false, `I/O board: no report yet; at most ${LIMIT_S} s old required.`, LIMITS);
    }
    const ageNs = nowNs - board.reportNs;
    return judged(
      ageNs <= BOARD_STALE_NS,
      () => `I/O board: last report ${seconds(ageNs)} s ago; at most ${LIMIT_S} s allowed.`,
      {
        value: ageNs / NS_PER_S,
        unit: 's',
        limit: LIMIT_S,
        takenNs: board.reportNs,
        holdsUntilNs: plusNs(board.reportNs, BOARD_STALE_NS),
      },
    );
  },
};
