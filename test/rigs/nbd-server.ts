/**
 * A small NBD server (fixed newstyle handshake, simple replies) in front of a disk that forgets. It cuts the power itself,
 * before the n-th write since it was told to: from then on every request fails until the disk is revived.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { ForgetfulDisk } from './forgetful-disk.js';

const MAGIC = { server: 0x4e42444d41474943n, option: 0x49484156454f5054n, optionReply: 0x0003e889045565a9n } as const;
const [REQUEST_MAGIC, REPLY_MAGIC] = [0x25609513, 0x67446698];
const OPTION = { exportName: 1, abort: 2, info: 6, go: 7 } as const;
const REPLY = { ack: 1, info: 3, unsupported: 0x80000001 } as const;
const COMMAND = { read: 0, write: 1, disconnect: 2, flush: 3, trim: 4, writeZeroes: 6 } as const;
const FUA = 1;
/** Fixed newstyle; no zeroes after the export name. */
const HANDSHAKE_FLAGS = 3;
/** Has flags, flush, FUA, trim, write zeroes. */
const EXPORT_FLAGS = 1 | 4 | 8 | 32 | 64;
const [EIO, EINVAL] = [5, 22];

/** Takes so many bytes from a socket, in order. */
class Intake {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Null at the end of the connection. */
  async take(bytes: number): Promise<Buffer | null> {
    while (this.#rest.length < bytes) {
      const next = await this.#chunks.next();
      if (next.done === true) return null;
      this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    }
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  say(bytes: Buffer): void {
    this.#socket.write(bytes);
  }
}

export interface PlannedCut {
  /** Before which write, counted from 1 since the plan was made. */
  readonly write: number;
  /** Of a sector that was not flushed. */
  readonly survives: () => boolean;
}

export class NbdServer {
  readonly #server: Server;
  readonly #onCut: () => void;
  #disk: ForgetfulDisk;
  #plan: PlannedCut | null = null;
  #writes = 0;

  constructor(socketPath: string, disk: ForgetfulDisk, onCut: () => void) {
    this.#disk = disk;
    this.#onCut = onCut;
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      this.#serve(new Intake(socket))
        .catch(() => undefined)
        .finally(() => socket.destroy());
    });
    this.#server.listen(socketPath);
  }

  get writes(): number {
    return this.#writes;
  }

  /** Another disk, for whoever connects next and whoever is connected. */
  insert(disk: ForgetfulDisk): void {
    this.#disk = disk;
    this.#plan = null;
  }

  planCut(plan: PlannedCut): void {
    this.#plan = plan;
    this.#writes = 0;
  }

  /** The power goes off now. */
  cutNow(): void {
    if (this.#disk.isDead || this.#plan === null) return;
    this.#disk.cut(this.#plan.survives);
    this.#onCut();
  }

  close(): void {
    this.#server.close();
  }

  async #serve(intake: Intake): Promise<void> {
    const hello = Buffer.alloc(18);
    hello.writeBigUInt64BE(MAGIC.server, 0);
    hello.writeBigUInt64BE(MAGIC.option, 8);
    hello.writeUInt16BE(HANDSHAKE_FLAGS, 16);
    intake.say(hello);
    if ((await intake.take(4)) === null) return;
    if (!(await this.#negotiate(intake))) return;
    for (;;) {
      const head = await intake.take(28);
      if (head?.readUInt32BE(0) !== REQUEST_MAGIC) return;
      const length = head.readUInt32BE(24);
      const type = head.readUInt16BE(6);
      if (type === COMMAND.disconnect) return;
      const data = type === COMMAND.write ? await intake.take(length) : null;
      const answer = this.#answer(type, head.readUInt16BE(4), Number(head.readBigUInt64BE(16)), length, data);
      const reply = Buffer.alloc(16);
      reply.writeUInt32BE(REPLY_MAGIC, 0);
      reply.writeUInt32BE(typeof answer === 'number' ? answer : 0, 4);
      head.copy(reply, 8, 8, 16);
      intake.say(typeof answer === 'number' ? reply : Buffer.concat([reply, answer]));
    }
  }

  /** @returns whether the client goes on to requests */
  async #negotiate(intake: Intake): Promise<boolean> {
    for (;;) {
      const head = await intake.take(16);
      if (head === null) return false;
      const option = head.readUInt32BE(8);
      const data = await intake.take(head.readUInt32BE(12));
      if (data === null || option === OPTION.abort) return false;
      const size = Buffer.alloc(10);
      size.writeBigUInt64BE(BigInt(this.#disk.bytes), 0);
      size.writeUInt16BE(EXPORT_FLAGS, 8);
      if (option === OPTION.exportName) {
        intake.say(size);
        return true;
      }
      const known = option === OPTION.go || option === OPTION.info;
      // Information 0, the size and flags of the export.
      if (known) intake.say(optionReply(option, REPLY.info, Buffer.concat([Buffer.alloc(2), size])));
      intake.say(optionReply(option, known ? REPLY.ack : REPLY.unsupported, Buffer.alloc(0)));
      if (option === OPTION.go) return true;
    }
  }

  /** @returns an error number, 0 for well, or what was read */
  #answer(type: number, flags: number, offset: number, length: number, data: Buffer | null): number | Buffer {
    const isWrite = type === COMMAND.write || type === COMMAND.writeZeroes || type === COMMAND.trim;
    if (isWrite) {
      this.#writes += 1;
      if (this.#writes === this.#plan?.write) this.cutNow();
    }
    const disk = this.#disk;
    if (disk.isDead) return EIO;
    if (type === COMMAND.read) return Buffer.from(disk.read(offset, length));
    if (type === COMMAND.flush) disk.flush();
    else if (data !== null) disk.write(offset, data, (flags & FUA) !== 0);
    else if (isWrite) disk.write(offset, Buffer.alloc(length), (flags & FUA) !== 0);
    else return EINVAL;
    return 0;
  }
}

function optionReply(option: number, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(MAGIC.optionReply, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(type, 12);
  head.writeUInt32BE(data.length, 16);
  return Buffer.concat([head, data]);
}
