/** Files that the camera delivered, by their bytes: what was seen once is not taken for new. */
import type { ImageArrival } from '../../src/timeline.js';
import type { UtcMs } from '../../src/units.js';
import type { Queries } from './database.js';
import type { ImageOutcome, ImageRow } from './rows.js';

interface StoredImage {
  sha256: string;
  image_id: string;
  file_name: string;
  session: number;
  outcome: ImageOutcome;
  icn: string | null;
}

export async function imageRow(queries: Queries, sha256: string): Promise<ImageRow | null> {
  const row = await queries.get<StoredImage>('SELECT * FROM images WHERE sha256 = ?', [sha256]);
  if (row === null) return null;
  const { sha256: hash, image_id: imageId, file_name: fileName, session, outcome, icn } = row;
  return { sha256: hash, imageId, fileName, session, outcome, icn };
}

export async function insertImage(queries: Queries, image: ImageArrival, session: number, utcMs: UtcMs): Promise<void> {
  await queries.run(
    `INSERT INTO images (sha256, image_id, file_name, bytes, session, seen_utc_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET image_id = excluded.image_id, file_name = excluded.file_name,
       session = excluded.session WHERE outcome = 'seen'`,
    [image.sha256, image.imageId, image.fileName, image.bytes, session, utcMs],
  );
}
