import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { dataFolder, eventually, executable, freePort, type LiveServer, launch } from './server.js';

/** Where distributions put it when it is not in PATH. */
const folders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

export interface NatsServerOptions {
  /** Asked of every client. Default: none. */
  readonly login?: { readonly user: string; readonly password: string };
}

export interface LiveNats extends LiveServer {
  /**
   * Resolves when the server has written down who was handed what. It keeps that in memory and writes it about 0.1 s
   * later, so a kill before then lets it forget a delivery: the message comes again, as at-least-once allows. A test
   * that asks what outlives a kill waits for this first.
   */
  written(): Promise<void>;
}

/** A consumer's state below the store folder; quiet for this long, in ms, it has nothing more to write. */
const stateFile = 'o.dat';
const quietMs = 500;

/** The `nats-server` of this machine; undefined when there is none. */
export function natsServerPath(): string | undefined {
  return executable('nats-server', folders);
}

/** Starts a NATS server with JetStream on the disk. Rejects when the machine has no `nats-server` or it does not come up. */
export async function natsServer(options: NatsServerOptions = {}): Promise<LiveNats> {
  const path = natsServerPath();
  if (path === undefined) throw new Error('nats-server is not installed');
  const port = await freePort();
  const data = dataFolder('nats');
  const { login } = options;
  const args = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', data.path];
  const withLogin = login === undefined ? args : [...args, '--user', login.user, '--pass', login.password];
  let running: ReturnType<typeof launch> | undefined;

  async function start(): Promise<void> {
    const started = launch(path as string, withLogin);
    running = started;
    await eventually(async () => {
      if (started.process.exitCode !== null) throw new Error(`nats-server ended: ${started.said()}`);
      await greeted(port);
    }, 15_000);
  }

  async function kill(): Promise<void> {
    const killed = running;
    running = undefined;
    killed?.process.kill('SIGKILL');
    await killed?.gone;
  }

  try {
    await start();
  } catch (error) {
    await kill();
    data.remove();
    throw error;
  }
  const user = login === undefined ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return {
    url: `nats://${user}127.0.0.1:${port}`,
    port,
    kill,
    start,
    written: () => eventually(() => quiet(data.path), 15_000),
    async dispose() {
      await kill();
      data.remove();
    },
  };
}

async function quiet(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  const states = files.filter((file) => basename(file) === stateFile);
  const changed = await Promise.all(states.map(async (file) => (await stat(join(folder, file))).mtimeMs));
  if (changed.length === 0 || Date.now() - Math.max(...changed) < quietMs)
    throw new Error('nats-server still writes the state of its consumers');
}

/** Resolves when the server has said its `INFO` with JetStream on: it speaks before its streams are recovered. */
function greeted(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\r\n'))
        end(said.includes('"jetstream":true') ? undefined : new Error('JetStream is not on yet'));
    });
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('nats-server does not answer')));
    socket.once('close', () => end(new Error('nats-server hung up')));
  });
}
