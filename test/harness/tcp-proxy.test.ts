import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';

describe('tcp proxy', () => {
  let server: Server;
  let accepted: Socket[];
  let proxy: TcpProxy;

  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await tcpProxy({ port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await proxy.close();
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes bytes both ways, and a megabyte in order', async () => {
    const line = await open();
    const sent = Buffer.alloc(1_048_576).map((_, index) => index % 251);
    line.socket.write(sent);
    await until(() => line.bytes().length === sent.length);
    expect(Buffer.compare(line.bytes(), sent)).toBe(0);
  });

  it('delays what passes', async () => {
    const line = await open();
    proxy.fail({ latencyMs: 60 });
    const startedAt = performance.now();
    line.socket.write('x');
    await until(() => line.bytes().length === 1);
    // There and back; timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(115);
  });

  it('passes no more bytes a second than it may', async () => {
    const line = await open();
    proxy.fail({ bytesPerSecond: 100_000 });
    const startedAt = performance.now();
    line.socket.write(Buffer.alloc(20_000));
    await until(() => line.bytes().length === 20_000);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it('half open, it swallows everything and tells nobody, for good', async () => {
    const line = await open();
    proxy.fail({ halfOpen: true });
    line.socket.write('lost');
    const other = await open();
    proxy.fail({});
    line.socket.write('lost too');
    other.socket.write('whole');
    await until(() => other.bytes().length === 5);
    expect([line.bytes().length, line.closedBy()]).toEqual([0, undefined]);
  });

  it.each([
    ['end', 'closed'],
    ['reset', 'ECONNRESET'],
  ] as const)('cuts open connections by %s, and takes new ones', async (how, seen) => {
    const line = await open();
    proxy.cut(how);
    await until(() => line.closedBy() !== undefined);
    expect(line.closedBy()).toBe(seen);
    await until(() => proxy.connections === 0);
    const next = await open();
    next.socket.write('again');
    await until(() => next.bytes().toString() === 'again');
  });

  it('refuses new connections and leaves old ones alone', async () => {
    const line = await open();
    proxy.fail({ refuse: true });
    const refused = await open();
    await until(() => refused.closedBy() !== undefined);
    line.socket.write('still here');
    await until(() => line.bytes().length === 10);
  });

  it('tells the client when the server goes', async () => {
    const line = await open();
    await until(() => accepted.length === 1);
    accepted[0]?.destroy();
    await until(() => line.closedBy() === 'closed');
  });

  it('puts itself into a URL, which keeps user, path and query', () => {
    expect(proxy.through('amqp://guest:secret@10.0.0.1:5672/vhost?heartbeat=3')).toBe(
      `amqp://guest:secret@127.0.0.1:${proxy.port}/vhost?heartbeat=3`,
    );
  });

  async function open() {
    const socket = connect({ host: '127.0.0.1', port: proxy.port });
    const chunks: Buffer[] = [];
    let closed: string | undefined;
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      closed = error.code;
    });
    socket.on('close', () => {
      closed ??= 'closed';
    });
    // A refused connection may break before it is made.
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
      socket.once('close', () => resolve());
    });
    return { socket, bytes: () => Buffer.concat(chunks), closedBy: () => closed };
  }
});

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
