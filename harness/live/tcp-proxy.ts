import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How the line between a client and its server misbehaves. Everything may be changed while connections are open. */
export interface LineFaults {
  /** Each chunk arrives this much later, in ms, in either direction. Default 0. */
  readonly latencyMs?: number;
  /** At most so many bytes a second in either direction. Default: no limit. */
  readonly bytesPerSecond?: number;
  /** Nothing arrives any more, and nobody is told: the other side seems to be alive. What was sent meanwhile is lost. Default false. */
  readonly halfOpen?: boolean;
  /** New connections are refused. Default false. */
  readonly refuse?: boolean;
}

/** A TCP proxy in front of a server, on a port of its own. */
export interface TcpProxy {
  readonly port: number;
  /** The server's URL with the proxy's host and port in place of the server's. */
  through(url: string): string;
  /** Replaces all faults; `{}` heals the line for new connections and those that are still whole. */
  fail(faults: LineFaults): void;
  /** Ends every open connection: with FIN, or with RST as a crashed machine does. */
  cut(how?: 'end' | 'reset'): void;
  /** Connections open at the moment. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Opens a proxy on 127.0.0.1 to `target`. Rejects when no port can be had. */
export async function tcpProxy(target: { readonly host?: string; readonly port: number }): Promise<TcpProxy> {
  let faults: LineFaults = {};
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (faults.refuse === true) {
      client.resetAndDestroy();
      return;
    }
    const pair = join(
      client,
      connect({ host: target.host ?? '127.0.0.1', port: target.port, allowHalfOpen: true }),
      () => faults,
    );
    pairs.add(pair);
    void pair.closed.then(() => pairs.delete(pair));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    through(url) {
      const moved = new URL(url);
      moved.hostname = '127.0.0.1';
      moved.port = String(port);
      return moved.href;
    },
    fail(next) {
      faults = next;
    },
    cut(how = 'end') {
      for (const pair of pairs) pair.cut(how);
    },
    get connections() {
      return pairs.size;
    },
    async close() {
      for (const pair of pairs) pair.cut('reset');
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Pair {
  readonly closed: Promise<unknown>;
  cut(how: 'end' | 'reset'): void;
}

/** A connection that was half open once stays so: bytes are missing in its middle. */
function join(client: Socket, upstream: Socket, faults: () => LineFaults): Pair {
  const broken = { value: false };
  const sockets = [client, upstream];
  for (const socket of sockets) {
    socket.setNoDelay(true);
    // The other end learns of it by 'close'.
    socket.on('error', () => {});
  }
  pump(client, upstream, faults, broken);
  pump(upstream, client, faults, broken);
  const closed = Promise.all(
    sockets.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))),
  );
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.once('close', (failed) => {
      if (failed) other.resetAndDestroy();
      else if (!broken.value) other.destroySoon();
    });
  }
  return {
    closed,
    cut(how) {
      for (const socket of sockets) {
        if (how === 'reset') socket.resetAndDestroy();
        else socket.destroy();
      }
    },
  };
}

/** Copies one direction, a chunk after the other. Reading stops meanwhile, so that a slow line makes the sender wait as a real one does. */
function pump(from: Socket, to: Socket, faults: () => LineFaults, broken: { value: boolean }): void {
  from.on('data', (chunk: Buffer) => {
    if (faults().halfOpen === true) broken.value = true;
    if (broken.value) return;
    const { latencyMs = 0, bytesPerSecond } = faults();
    const delayMs = latencyMs + (bytesPerSecond === undefined ? 0 : (chunk.length / bytesPerSecond) * 1000);
    const forward = (): void => {
      if (broken.value || to.destroyed) return;
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    };
    if (delayMs === 0) {
      forward();
      return;
    }
    from.pause();
    setTimeout(() => {
      forward();
      from.resume();
    }, delayMs);
  });
  from.on('end', () => {
    if (!broken.value && faults().halfOpen !== true) to.end();
  });
}
