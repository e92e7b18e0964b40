import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { dataFolder, eventually, executable, freePort, type LiveServer, launch } from './server.js';

export interface RabbitmqServer extends LiveServer {
  /** Runs `rabbitmqctl` against it and resolves to what that prints. Rejects with what it says when it fails. */
  ctl(...args: readonly string[]): Promise<string>;
}

export interface RabbitmqServerOptions {
  /** Plugins to enable, such as `rabbitmq_consistent_hash_exchange`. */
  readonly plugins?: readonly string[];
  /** Lines of `rabbitmq.conf`. */
  readonly settings?: readonly string[];
}

/** Where packages put the scripts themselves; those in PATH may switch to another user, or refuse one. */
const folders = ['/usr/lib/rabbitmq/bin', '/opt/homebrew/sbin', '/usr/local/sbin', '/usr/sbin'];

/**
 * A private RabbitMQ with a node name, cookie, ports and folders of its own; only the port mapper of Erlang is shared. Null when there is no
 * `rabbitmq-server` on this machine.
 */
export async function rabbitmqServer(options: RabbitmqServerOptions = {}): Promise<RabbitmqServer | null> {
  const command = script('rabbitmq-server');
  const control = script('rabbitmqctl');
  if (command === undefined || control === undefined) return null;
  const [port, distribution] = [await freePort(), await freePort()];
  const folder = dataFolder('rabbitmq');
  const node = `seamwright-${port}@localhost`;
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at('enabled_plugins'), `[${(options.plugins ?? []).join(',')}].\n`);
  writeFileSync(at('rabbitmq.conf'), (options.settings ?? []).map((line) => `${line}\n`).join(''));
  writeFileSync(at('rabbitmq-env.conf'), '');
  const env = {
    ...process.env,
    // The cookie lies in the home of whoever starts it.
    HOME: folder.path,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_MNESIA_DIR: at('mnesia/node'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: at('rabbitmq-env.conf'),
    RABBITMQ_GENERATED_CONFIG_DIR: at('generated'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    // The script then becomes the server, which can be killed, instead of watching over it.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
  let running: ReturnType<typeof launch> | undefined;

  const server: RabbitmqServer = {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    port,
    async kill() {
      running?.process.kill('SIGKILL');
      await running?.gone;
      running = undefined;
    },
    async start() {
      const started = launch(command, [], { cwd: folder.path, env });
      running = started;
      let gone = false;
      void started.gone.then(() => {
        gone = true;
      });
      await eventually(async () => {
        if (gone) throw new Error('it ended');
        await answers(port);
      }, 60_000).catch((error: unknown) => {
        started.process.kill('SIGKILL');
        throw new Error(`rabbitmq-server did not come up: ${String(error)} ${started.said()}`);
      });
    },
    async dispose() {
      await server.kill();
      folder.remove();
    },
    async ctl(...args) {
      const { stdout } = await promisify(execFile)(control, ['-q', '-n', node, ...args], { env });
      return stdout;
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

/** Whether this machine has what a private server needs. */
export function rabbitmqInstalled(): boolean {
  return script('rabbitmq-server') !== undefined && script('rabbitmqctl') !== undefined;
}

function script(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find(existsSync) ?? executable(name);
}

/** Resolves when it begins to speak AMQP: its listener is the last thing that starts. */
function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 5_000 });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => socket.write('AMQP\0\0\x09\x01'));
    socket.once('data', () => end());
    socket.once('end', () => end(new Error('it hung up')));
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('no answer')));
  });
}
