import { postgresPath, postgresServer } from '../../../harness/live/servers/postgres.js';
import { type RabbitmqServer, rabbitmqInstalled, rabbitmqServer } from '../../../harness/live/servers/rabbitmq.js';
import type { LiveServer } from '../../../harness/live/servers/server.js';
import type { AtHand } from '../../conformance/at-hand.js';

/** Private servers of one test file. */
export interface Servers {
  readonly rabbitmq: RabbitmqServer;
  readonly postgres: LiveServer;
  /** URL of a virtual host in which nobody was before. As many as `startServers` was asked for: each makes the server start more slowly. */
  freshBroker(): string;
  dispose(): Promise<void>;
}

/** Whether this machine has what the tests with RabbitMQ and PostgreSQL start. */
export const rabbitmqAndPostgres: AtHand = missing([
  ...(rabbitmqInstalled() ? [] : ['no rabbitmq-server']),
  ...(postgresPath() === undefined ? ['no postgres'] : []),
]);

export function missing(what: readonly string[]): AtHand {
  return what.length === 0 ? { url: 'private' } : { missing: `${what.join(' and ')} on this machine` };
}

/** Both write through to the disk. */
export async function startServers(virtualHosts: number): Promise<Servers> {
  const [rabbitmq, postgres] = await Promise.all([rabbitmqServer(), postgresServer()]);
  if (rabbitmq === null) throw new Error('no rabbitmq-server');
  await makeVirtualHosts(rabbitmq, virtualHosts);
  let used = 0;
  return {
    rabbitmq,
    postgres,
    freshBroker() {
      used += 1;
      return `${rabbitmq.url}/plant${used}`;
    },
    async dispose() {
      await Promise.all([rabbitmq.dispose(), postgres.dispose()]);
    },
  };
}

/** All in one call: each start of `rabbitmqctl` takes seconds. */
async function makeVirtualHosts(rabbitmq: RabbitmqServer, count: number): Promise<void> {
  const guest = `<<"guest">>`;
  await rabbitmq.ctl(
    'eval',
    `lists:foreach(fun(N) -> V = iolist_to_binary(["plant", integer_to_list(N)]), rabbit_vhost:add(V, ${guest}),
       rabbit_auth_backend_internal:set_permissions(${guest}, V, <<".*">>, <<".*">>, <<".*">>, ${guest}) end, lists:seq(1, ${count})).`,
  );
}
