import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { dataFolder, eventually, executable, freePort, type LiveServer, launch } from './server.js';

/** Debian keeps the programs of each version out of PATH. */
const versionsFolder = '/usr/lib/postgresql';

export interface PostgresServerOptions {
  /** Settings beside the usual ones, as in `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The folder with `initdb` and `postgres` of this machine, the newest version first; undefined when there is none. */
export function postgresPath(): { readonly initdb: string; readonly postgres: string } | undefined {
  const folders = installedVersions().map((version) => join(versionsFolder, version, 'bin'));
  const initdb = executable('initdb', folders);
  const postgres = executable('postgres', folders);
  return initdb === undefined || postgres === undefined ? undefined : { initdb, postgres };
}

/**
 * Starts a PostgreSQL server that writes through to the disk, with a superuser `postgres` whom it trusts. Rejects when the machine has none or it does not
 * come up. As root it runs under another user, since it refuses to run as root.
 */
export async function postgresServer({ settings = {} }: PostgresServerOptions = {}): Promise<LiveServer> {
  const path = postgresPath();
  if (path === undefined) throw new Error('postgres is not installed');
  const port = await freePort();
  const data = dataFolder('postgres');
  const user = unprivileged();
  if (user !== undefined) run('chown', [user, data.path]);
  let running: ReturnType<typeof launch> | undefined;

  function begin(): ReturnType<typeof launch> {
    running = launch(...as(user, path?.postgres ?? '', argumentsOf(data.path, port, settings)));
    return running;
  }

  async function start(): Promise<void> {
    let started = begin();
    await eventually(async () => {
      if (started.process.exitCode !== null) {
        const said = started.said();
        // After a kill, the children of the killed server may hold its memory and its lock for a moment.
        started = begin();
        throw new Error(`postgres ended: ${said}`);
      }
      await accepts(port);
    }, 60_000);
  }

  async function kill(): Promise<void> {
    const killed = running;
    running = undefined;
    killed?.process.kill('SIGKILL');
    await killed?.gone;
  }

  try {
    const [command, args] = as(user, path.initdb, ['-D', data.path, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8']);
    run(command, args);
    await start();
  } catch (error) {
    await kill();
    data.remove();
    throw error;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    kill,
    start,
    async dispose() {
      await kill();
      data.remove();
    },
  };
}

function argumentsOf(folder: string, port: number, settings: Readonly<Record<string, string>>): readonly string[] {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'on', ...settings };
  return [
    '-D',
    folder,
    '-p',
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

function installedVersions(): readonly string[] {
  try {
    return readdirSync(versionsFolder).sort((left, right) => Number(right) - Number(left));
  } catch {
    return [];
  }
}

/** The user to run under; undefined when this process may run it itself. */
function unprivileged(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = ['postgres', 'nobody'].find((name) => spawnSync('id', ['-u', name]).status === 0);
  if (found === undefined)
    throw new Error('postgres refuses to run as root, and there is no user "postgres" or "nobody"');
  return found;
}

/** `setpriv` becomes the program, so that its process is the one to kill. */
function as(user: string | undefined, command: string, args: readonly string[]): [string, readonly string[]] {
  if (user === undefined) return [command, args];
  return ['setpriv', [`--reuid=${user}`, '--clear-groups', command, ...args]];
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}

/** Answers the first message of the protocol, which a server that is still recovering refuses. */
function accepts(port: number): Promise<void> {
  // Startup of version 3.0 with the user and nothing else. https://www.postgresql.org/docs/current/protocol-message-formats.html
  const body = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => socket.write(Buffer.concat([head, body])));
    socket.once('data', (answer) => end(answer[0] === 0x52 ? undefined : new Error('postgres is not ready')));
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('postgres does not answer')));
    socket.once('close', () => end(new Error('postgres closed the connection')));
  });
}
