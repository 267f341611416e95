/** The part of node-gpsd 0.3.4 that `gpsd.ts` uses; the package brings no types. */
declare module 'node-gpsd' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface ListenerOptions {
    port?: number;
    hostname?: string;
    parse?: boolean;
    logger?: { info(...text: unknown[]): void; warn(...text: unknown[]): void; error(...text: unknown[]): void };
  }

  export class Listener extends EventEmitter {
    constructor(options?: ListenerOptions);
    /** Made by `connect`. */
    serviceSocket: Socket;
    connect(): void;
    watch(options?: object): void;
  }
}
