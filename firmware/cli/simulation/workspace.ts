/**
 * Where a simulation keeps its things: one fresh folder with the configuration, the site file, the camera's folder and
 * the controller's data, which stays; and one short-lived folder for device names and sockets (a Unix socket's path may
 * not be longer than 107 bytes, and a data folder's easily is).
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { KerbsideError } from '../../../src/errors.js';

export class Workspace {
  readonly dataDir: string;
  readonly configFile: string;
  readonly siteFile: string;
  readonly cameraFolder: string;
  readonly radarPath: string;
  readonly ioBoardPath: string;
  readonly linesSocket: string;
  readonly #devices: string;

  /**
   * @param wanted folder to make; null: a new one under ./kerbside-demo
   * @throws KerbsideError 'usage' when it exists and is not empty, or cannot be made
   */
  constructor(wanted: string | null, now: Date) {
    const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    this.dataDir = resolve(wanted ?? join('kerbside-demo', `run-${stamp}`));
    try {
      mkdirSync(this.dataDir, { recursive: true });
      if (readdirSync(this.dataDir).length > 0) {
        throw new KerbsideError('usage', `--data-dir ${this.dataDir} is not empty, expected a new or an empty folder.`);
      }
    } catch (error) {
      if (error instanceof KerbsideError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new KerbsideError('usage', `--data-dir ${this.dataDir} cannot be made (${code ?? String(error)}).`, {
        cause: error,
      });
    }
    this.configFile = join(this.dataDir, 'kerbside.yaml');
    this.siteFile = join(this.dataDir, 'site.yaml');
    this.cameraFolder = join(this.dataDir, 'camera');
    this.#devices = mkdtempSync(join(tmpdir(), 'kerbside-demo-'));
    this.radarPath = join(this.#devices, 'radar');
    this.ioBoardPath = join(this.#devices, 'ioboard');
    this.linesSocket = join(this.#devices, 'lines.sock');
  }

  write(file: string, title: string, content: unknown): void {
    writeFileSync(file, `# ${title}\n${stringify(content, { lineWidth: 120 })}`);
  }

  /** @returns where it lies */
  keep(name: string, bytes: Uint8Array): string {
    const path = join(this.#devices, name);
    writeFileSync(path, bytes);
    return path;
  }

  removeDevices(): void {
    rmSync(this.#devices, { recursive: true, force: true });
  }
}
