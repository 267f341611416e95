/** The chain of records in the store (`src/evidence/chain.ts`); the table's own triggers refuse a wrong link. */
import { EMPTY_CHAIN, type ChainEntry, type ChainHead } from '../../src/evidence/chain.js';
import type { Queries } from './database.js';

interface StoredEntry {
  sequence: number;
  type: ChainEntry['type'];
  name: string;
  sha256: string;
  previous_sha256: string;
}

export async function chainHead(queries: Queries): Promise<ChainHead> {
  const row = await queries.get<ChainHead>('SELECT sequence, sha256 FROM chain ORDER BY sequence DESC LIMIT 1');
  return row ?? EMPTY_CHAIN;
}

/** Sequence 1 first. */
export async function chainEntries(queries: Queries): Promise<ChainEntry[]> {
  const rows = await queries.all<StoredEntry>('SELECT * FROM chain ORDER BY sequence');
  return rows.map(({ previous_sha256: previousSha256, ...rest }) => ({ ...rest, previousSha256 }));
}

export async function insertChainEntry(queries: Queries, entry: ChainEntry): Promise<void> {
  const { sequence, type, name, sha256, previousSha256 } = entry;
  await queries.run('INSERT INTO chain VALUES (?, ?, ?, ?, ?)', [sequence, type, name, sha256, previousSha256]);
}
