/** The least that speaks gpsd's protocol: VERSION on connect, a TPV every 200 ms to whoever is connected. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface FakeFix {
  latitude: number;
  longitude: number;
  /** Metres, as gpsd's eph. */
  eph: number;
}

export class FakeGpsd {
  private readonly clients = new Set<Socket>();
  private timer: NodeJS.Timeout | null = null;
  /** Set to false: connected but silent, as when the receiver is lost. */
  reporting = true;

  private constructor(
    private readonly server: Server,
    private readonly fix: FakeFix,
  ) {}

  static async start(fix: FakeFix): Promise<FakeGpsd> {
    const server = createServer();
    const gpsd = new FakeGpsd(server, fix);
    server.on('connection', (socket) => {
      gpsd.clients.add(socket);
      socket.on('close', () => gpsd.clients.delete(socket));
      socket.on('error', () => gpsd.clients.delete(socket));
      socket.write('{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gpsd.timer = setInterval(() => gpsd.report(), 200);
    return gpsd;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private report(): void {
    if (!this.reporting) return;
    const report = {
      class: 'TPV',
      device: '/dev/gps0',
      status: 1,
      mode: 3,
      time: new Date().toISOString(),
      lat: this.fix.latitude,
      lon: this.fix.longitude,
      altHAE: 30,
      speed: 0.02,
      eph: this.fix.eph,
    };
    for (const client of this.clients) client.write(`${JSON.stringify(report)}\r\n`);
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    for (const client of this.clients) client.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
