/** The van's own face: that of the open deployment, else that nothing is open and where something could be. */
import type { Status, StatusBoard, StatusIdentity, StatusNotice, StatusSite } from '../office/status.js';
import { startingStatus } from '../office/status.js';
import type { UtcMs } from '../../src/units.js';
import type { Shelved } from './shelf.js';

type ClosedReason = Status['reasons'][number];

const KEPT_NOTICES = 20;

export class VanBoard {
  readonly #listeners = new Set<(status: Status) => void>();
  #closed: Status;
  #open: { readonly board: StatusBoard; readonly forget: () => void } | null = null;

  constructor(identity: Pick<StatusIdentity, 'camera' | 'demo' | 'software' | 'zone'>) {
    this.#closed = startingStatus({ ...identity, siteCode: null, road: null, limitKmh: null, eventCounter: null });
  }

  get status(): Status {
    if (this.#open === null) return this.#closed;
    return { ...this.#open.board.status, sites: this.#closed.sites };
  }

  onChange(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  opened(board: StatusBoard): void {
    const forget = board.onChange(() => {
      this.#tell();
    });
    this.#open = { board, forget };
    this.#closed = { ...this.#closed, reasons: [] };
    this.#tell();
  }

  /** @param reason why it ended, where that was not asked for */
  closed(reason: ClosedReason | null): void {
    const { notices, disk, oldestUnexportedUtcMs } = this.#open?.board.status ?? this.#closed;
    this.#open?.forget();
    this.#open = null;
    this.#closed = { ...this.#closed, notices, disk, oldestUnexportedUtcMs, reasons: reason === null ? [] : [reason] };
    this.#tell();
  }

  shelved({ sites }: Shelved): void {
    this.#closed = { ...this.#closed, sites: sites.map(toStatusSite) };
    this.#tell();
  }

  /** EXP-1, while nothing is open: an open deployment has its own. */
  unexported(oldestUnexportedUtcMs: UtcMs | null): void {
    if (oldestUnexportedUtcMs === this.#closed.oldestUnexportedUtcMs) return;
    this.#closed = { ...this.#closed, oldestUnexportedUtcMs };
    this.#tell();
  }

  /** While nothing is open: an open deployment has its own. */
  notice(notice: StatusNotice): void {
    const notices = [notice, ...this.#closed.notices].slice(0, KEPT_NOTICES);
    this.#closed = { ...this.#closed, notices };
    this.#tell();
  }

  #tell(): void {
    const { status } = this;
    for (const listener of this.#listeners) listener(status);
  }
}

const toStatusSite = ({ code, road, locality, limitKmh }: Shelved['sites'][number]): StatusSite => ({
  code,
  road,
  locality,
  limitKmh,
});
