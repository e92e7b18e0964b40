import type { Queue } from '../../../runtime/brokers/broker.js';
import { defaultPrefix, keysOf, type RedisKeys } from '../../../runtime/brokers/redis/keys.js';
import { brokerAccess, type ServiceAccess } from '../brokers/access.js';
import { brokerFile, isWanted } from '../brokers/planned.js';
import type { Emitter } from '../emitter.js';
import { systemTopology } from '../topology.js';

/** `topology/redis.acl`: one user per service, for an ACL file of Redis 7. */
export const redisAcl: Emitter = {
  name: 'redis-acl',
  summary: 'users of Redis Streams, each with the keys of its own queues',
  *plan({ model }) {
    if (!isWanted(model, 'redis') || systemTopology(model).exchanges.length === 0) return;
    yield brokerFile(model, this.name, 'redis.acl', 'redis-acl', {
      users: brokerAccess(model).map(userLine),
    });
  },
};

/** What is said to every service: nothing that reads or changes the server itself. */
const commands = '+@all -@admin -@dangerous +info';

function userLine({ service, topology, reaches }: ServiceAccess): string {
  const keys = keysOf(defaultPrefix);
  const dead = topology.queues.map(({ deadLetter }) => ({ name: deadLetter, partitions: 1 }));
  const queues = [...topology.queues, ...dead, ...reaches];
  const patterns = [
    ...[keys.version, keys.exchanges, keys.queues, keys.bindings],
    ...queues.flatMap((queue) => queueKeys(keys, queue)),
    keys.alive('*'),
  ];
  const channels = [...queues.map(({ name }) => keys.asleep(glob(name))), keys.inbox('*')];
  return [
    'user',
    word(service),
    'on resetpass resetkeys resetchannels',
    ...[...new Set(patterns)].map((pattern) => word(`~${pattern}`)),
    ...[...new Set(channels)].map((channel) => word(`&${channel}`)),
    commands,
  ].join(' ');
}

function queueKeys(keys: RedisKeys, { name, partitions }: Pick<Queue, 'name' | 'partitions'>): readonly string[] {
  const queue = glob(name);
  const perPartition = Array.from({ length: partitions }, (_, partition) => [
    keys.stream(queue, partition),
    keys.again(queue, partition),
  ]);
  return [...perPartition.flat(), keys.asleep(queue), keys.takers(queue)];
}

/** Signs with a meaning in patterns stand for themselves. */
function glob(name: string): string {
  return name.replace(/[*?[\]\\]/g, '\\$&');
}

/** Arguments of an ACL file end at a space; a name with one is matched by any sign in its place. */
function word(text: string): string {
  return text.replace(/[\s"']/g, '?');
}
