/**
 * A server that speaks gpsd's protocol (version 3.14 of it) on TCP: VERSION on connecting, `?WATCH` answered by DEVICES
 * and WATCH, then TPV and SKY once a second to every watcher. Loss comes in the two forms that a van meets: the sky is
 * covered (TPV goes on with mode 1 and without a position) and silence.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Clock } from '../../src/ports/index.js';
import { NS_PER_S } from '../../src/units.js';
import type { Random } from '../prng.js';
import { DEVICE, lostReport, skyReport, tpvReport, type ReceiverPlace, type Reception } from './gpsd-reports.js';

export interface GpsdOptions extends ReceiverPlace {
  readonly clock: Clock;
  readonly random: Random;
  readonly periodS?: number;
}

const line = (report: object): string => `${JSON.stringify(report)}\r\n`;

export class GpsdServer {
  readonly #options: GpsdOptions;
  readonly #server: Server;
  readonly #watchers = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  #timer: NodeJS.Timeout | null = null;
  reception: Reception = 'fix';

  constructor(options: GpsdOptions) {
    this.#options = options;
    this.#server = createServer((socket) => {
      this.#welcome(socket);
    });
  }

  /** @returns the port, chosen by the system */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#timer = setInterval(
      () => {
        this.#report();
      },
      (this.#options.periodS ?? 1) * 1000,
    );
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#watchers.delete(socket);
    });
    socket.on('error', () => {
      socket.destroy();
    });
    socket.write(line({ class: 'VERSION', release: '3.22', rev: '3.22', proto_major: 3, proto_minor: 14 }));
    let pending = '';
    socket.on('data', (chunk: Buffer) => {
      const commands = (pending + chunk.toString('latin1')).split(/[;\n]/);
      pending = (commands.pop() ?? '').slice(-1024);
      for (const command of commands) this.#obey(socket, command.trim());
    });
  }

  #obey(socket: Socket, command: string): void {
    if (command === '' || command === '\r') return;
    if (command.startsWith('?WATCH')) {
      const enable = !/"enable"\s*:\s*false/.test(command);
      if (enable) this.#watchers.add(socket);
      else this.#watchers.delete(socket);
      socket.write(line({ class: 'DEVICES', devices: [this.#device()] }));
      socket.write(line({ class: 'WATCH', enable, json: true, nmea: false, raw: 0, scaled: false, pps: false }));
    } else if (command.startsWith('?DEVICES')) {
      socket.write(line({ class: 'DEVICES', devices: [this.#device()] }));
    } else if (command.startsWith('?VERSION')) {
      socket.write(line({ class: 'VERSION', release: '3.22', rev: '3.22', proto_major: 3, proto_minor: 14 }));
    } else {
      socket.write(line({ class: 'ERROR', message: `Unrecognized request '${command}'` }));
    }
  }

  #device(): object {
    return { class: 'DEVICE', path: DEVICE, driver: 'u-blox', activated: this.#iso(), native: 1, cycle: 1 };
  }

  #iso(): string {
    return new Date(this.#options.clock.utcMs()).toISOString();
  }

  #report(): void {
    if (this.reception === 'silent' || this.#watchers.size === 0) return;
    const text = line(this.tpv()) + line(this.#sky());
    for (const socket of this.#watchers) socket.write(text);
  }

  /** One time-position-velocity report of now. */
  tpv(): Record<string, unknown> {
    const { random, clock } = this.#options;
    return this.reception === 'fix' ? tpvReport(this.#options, random, clock.utcMs()) : lostReport();
  }

  #sky(): object {
    return skyReport(this.reception === 'fix', Math.floor(this.#options.clock.monotonicNs() / NS_PER_S));
  }
}
