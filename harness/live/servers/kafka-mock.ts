import { spawnSync } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { dataFolder, eventually, executable, type LiveServer, launch } from './server.js';

/**
 * A Kafka cluster of one broker on loopback, which librdkafka has for its own tests and `kcat` can start. Undefined when there is no `kcat` in PATH.
 *
 * What it is not: it keeps everything in memory, so `kill` loses all messages and `start` comes back empty, and on another port (`url` and `port` follow).
 * It cannot create topics on request: it makes each that is asked about, always with four partitions. It neither compacts nor expires, does not see that a
 * numbered batch is written twice, knows no users and no TLS, describes no groups, and takes no commit while a group rebalances, which Kafka does.
 */
export async function kafkaMock(): Promise<LiveServer | undefined> {
  const kcat = executable('kcat');
  if (kcat === undefined) return undefined;
  let running = await launched(kcat);
  let disposed = false;
  return {
    get url() {
      return `kafka://127.0.0.1:${running.port}`;
    },
    get port() {
      return running.port;
    },
    kill: () => running.kill(),
    async start() {
      running = await launched(kcat);
    },
    async dispose() {
      if (!disposed) await running.kill();
      disposed = true;
    },
  };
}

interface Running {
  readonly port: number;
  kill(): Promise<void>;
}

/** kcat is a producer with a mock cluster behind it; it lives as long as the pipe that it reads messages from stays open. */
async function launched(kcat: string): Promise<Running> {
  const folder = dataFolder('kafka');
  const pipe = join(folder.path, 'pipe');
  if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error('the named pipe for kcat could not be made');
  const server = launch(
    'sh',
    ['-c', 'exec "$0" -P -b unused -X test.mock.num.brokers=1 -t warmup < "$1"', kcat, pipe],
    { cwd: folder.path },
  );
  const held: WriteStream = createWriteStream(pipe);
  held.on('error', () => {});
  const kill = async () => {
    server.process.kill('SIGKILL');
    await server.gone;
    held.destroy();
    folder.remove();
  };
  try {
    const port = await eventually(async () => {
      const said = /replaced with 127\.0\.0\.1:(\d+)/.exec(server.said())?.[1];
      if (said === undefined) throw new Error(`kcat started no mock cluster: ${server.said()}`);
      await reaches(Number(said));
      return Number(said);
    }, 10_000);
    return { port, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function reaches(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
