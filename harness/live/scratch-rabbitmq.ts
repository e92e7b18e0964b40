import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { UsageError } from '../../runtime/errors.js';
import type { Scratch } from './scratch-database.js';
import { executable } from './servers/server.js';

/**
 * A virtual host for one run: names of queues are contracts, so nothing else keeps a run apart from what the broker is used for. Made through the management
 * API, else by `rabbitmqctl` for a broker on this machine. Rejects with `UsageError` when neither is to be had.
 */
export async function scratchRabbitmq(url: string): Promise<Scratch> {
  const name = `seamwright-live-${randomUUID().slice(0, 8)}`;
  const parsed = new URL(url);
  const login = {
    user: decodeURIComponent(parsed.username) || 'guest',
    password: decodeURIComponent(parsed.password) || 'guest',
  };
  const tools = [byManagement(parsed.hostname, login), byCommand(parsed.hostname, login.user)];
  const refused: string[] = [];
  for (const tool of tools) {
    try {
      await tool.add(name);
    } catch (error) {
      refused.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
      continue;
    }
    const scratch = new URL(url);
    scratch.pathname = `/${name}`;
    return { url: scratch.href, dispose: () => tool.remove(name) };
  }
  throw new UsageError(
    `RabbitMQ on ${parsed.host} gives no virtual host of its own for the run (${refused.join('; ')}): enable rabbitmq_management, run where rabbitmqctl reaches it, or set SEAMWRIGHT_BROKER_URL=private:rabbitmq`,
  );
}

interface Tool {
  add(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

function byManagement(host: string, { user, password }: { readonly user: string; readonly password: string }): Tool {
  const ask = async (method: string, path: string, body?: unknown): Promise<void> => {
    const reply = await fetch(`http://${host}:15672/api/${path}`, {
      method,
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`its management API answers ${reply.status}`);
  };
  return {
    async add(name) {
      await ask('PUT', `vhosts/${name}`).catch((error: unknown) => {
        throw error instanceof TypeError ? new Error('no management API on port 15672') : error;
      });
      await ask('PUT', `permissions/${name}/${encodeURIComponent(user)}`, { configure: '.*', write: '.*', read: '.*' });
    },
    remove: (name) => ask('DELETE', `vhosts/${name}`),
  };
}

function byCommand(host: string, user: string): Tool {
  const run = async (...args: readonly string[]): Promise<void> => {
    const path = executable('rabbitmqctl', ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin']);
    if (path === undefined) throw new Error('no rabbitmqctl on this machine');
    if (!/^(localhost|127\.|\[?::1)/.test(host)) throw new Error('rabbitmqctl reaches brokers of this machine only');
    await promisify(execFile)(path, ['-q', ...args], { timeout: 60_000 });
  };
  return {
    async add(name) {
      await run('add_vhost', name);
      await run('set_permissions', '-p', name, user, '.*', '.*', '.*');
    },
    remove: (name) => run('delete_vhost', name),
  };
}
