/** Configuration files for tests: a good one, and the same with one line changed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const GOOD = `camera:
  id: SC-014
dataDir: data
radar:
  protocol: agd350
  port: /dev/radar
mounting:
  facing: rear
gps: {}
lines:
  driver: onoff
  shutter: 17
  strobe: 22
images:
  folder: camera
`;

/** GOOD with one line replaced; fails when the line is not there, so that no test can go stale unseen. */
export function changed(line: string, by: string, text: string = GOOD): string {
  if (!text.includes(`${line}\n`)) throw new Error(`no line "${line}"`);
  return text.replace(`${line}\n`, by === '' ? '' : `${by}\n`);
}

export const SITE = `code: EX-0001
road: Example Road
zone: Pacific/Auckland
centreline:
  - { latitude: -41.2, longitude: 175.5 }
  - { latitude: -41.19, longitude: 175.5 }
lanes:
  - { id: L1, direction: increasing, monitored: true }
limitKmh: 100
threshold:
  speedKmh: 104
  authority: Example Authority
  date: '2026-01-01'
deployment:
  vanHeading: increasing
`;

/** A folder for one suite's files. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'kerbside-config-'));

  write(name: string, content: string | Uint8Array): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
