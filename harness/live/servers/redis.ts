import { createConnection } from 'node:net';
import { dataFolder, eventually, executable, freePort, type LiveServer, launch } from './server.js';

export interface RedisServerOptions {
  /** Lines of its configuration, such as `{ requirepass: 'secret' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A private Redis that keeps its data through `kill` and `start`: what it has acknowledged is in the append-only file. Null when there is no
 * `redis-server` in PATH.
 */
export async function redisServer({ settings = {} }: RedisServerOptions = {}): Promise<LiveServer | null> {
  const command = executable('redis-server', ['/usr/local/bin', '/opt/homebrew/bin']);
  if (command === undefined) return null;
  const port = await freePort();
  const folder = dataFolder('redis');
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder.path,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    ...settings,
  };
  let running: ReturnType<typeof launch> | undefined;

  const server: LiveServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async kill() {
      running?.process.kill('SIGKILL');
      await running?.gone;
      running = undefined;
    },
    async start() {
      const started = launch(
        command,
        Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      );
      running = started;
      let gone = false;
      void started.gone.then(() => {
        gone = true;
      });
      await eventually(async () => {
        if (gone) throw new Error(`redis-server ended: ${started.said()}`);
        await answers(port);
      }).catch((error: unknown) => {
        started.process.kill('SIGKILL');
        throw new Error(`redis-server did not come up: ${String(error)} ${started.said()}`);
      });
    },
    async dispose() {
      await server.kill();
      folder.remove();
    },
  };

  try {
    await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

/** Resolves when it answers a command, be it with a demand for a password; rejects while it still reads its data. */
function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) =>
      /^(\+PONG|-NOAUTH)/.test(String(reply)) ? end() : end(new Error(String(reply).trim())),
    );
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('no answer')));
  });
}
