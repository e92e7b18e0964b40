import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { UsageError } from '../../runtime/errors.js';
import type { Scratch } from './scratch-database.js';

const claim = 'seamwright:live';

/** An empty numbered database of a Redis server for one run, claimed so that two runs never take the same. Rejects with `UsageError` when none is empty. */
export async function scratchRedis(url: string): Promise<Scratch> {
  const server = new URL(url);
  const owner = randomUUID();
  for (let number = 15; number > 0; number--) {
    const [claimed, size] = await ask(server, number, [['SET', claim, owner, 'NX', 'EX', '3600'], ['DBSIZE']]);
    if (claimed !== 'OK') continue;
    if (size !== '1') {
      await ask(server, number, [['DEL', claim]]);
      continue;
    }
    const scratch = new URL(url);
    scratch.pathname = `/${number}`;
    return { url: scratch.href, dispose: async () => void (await ask(server, number, [['FLUSHDB']])) };
  }
  throw new UsageError(
    `Redis on ${server.host} has no empty database among 1 to 15: empty one, or set SEAMWRIGHT_BROKER_URL=private:redis`,
  );
}

/** Answers of a few commands whose answers are one line each. */
function ask(server: URL, number: number, commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  const password = decodeURIComponent(server.password);
  const login =
    password === ''
      ? []
      : [server.username === '' ? ['AUTH', password] : ['AUTH', decodeURIComponent(server.username), password]];
  const all = [...login, ['SELECT', String(number)], ...commands];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.hostname, port: Number(server.port || 6379), timeout: 10_000 });
    let said = '';
    const fail = (why: string): void => {
      socket.destroy();
      reject(new UsageError(`Redis on ${server.host} does not answer: ${why}`));
    };
    socket.once('connect', () => socket.write(all.map(encoded).join('')));
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const lines = said
        .split('\r\n')
        .slice(0, -1)
        .filter((line) => /^[+:-]|^\$-1/.test(line));
      if (lines.length < all.length) return;
      socket.destroy();
      const before = lines.slice(0, all.length - commands.length).find((line) => line.startsWith('-'));
      if (before !== undefined) reject(new UsageError(`Redis on ${server.host} refuses: ${before.slice(1)}`));
      else resolve(lines.slice(-commands.length).map((line) => line.slice(1)));
    });
    socket.once('error', (error) => fail(error.message));
    socket.once('timeout', () => fail('no answer in 10 s'));
  });
}

function encoded(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}
