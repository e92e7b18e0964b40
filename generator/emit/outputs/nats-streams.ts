import { bucket, bucketStream, streamOf, token } from '../../../runtime/brokers/nats/names.js';
import { natsStreams } from '../../../runtime/brokers/nats/streams.js';
import { brokerAccess, type ServiceAccess } from '../brokers/access.js';
import { brokerFile, isWanted, jsonFile } from '../brokers/planned.js';
import type { Emitter } from '../emitter.js';
import { snakeName } from '../names.js';
import { systemTopology } from '../topology.js';

/** `topology/nats.streams.json` for JetStream, and `nats.permissions.conf` for a server to include. */
export const natsStreamsOutput: Emitter = {
  name: 'nats-streams',
  summary: 'streams, consumers and permissions for NATS JetStream',
  *plan({ model }) {
    const topology = systemTopology(model);
    if (!isWanted(model, 'nats') || topology.exchanges.length === 0) return;
    yield jsonFile(model, this.name, 'nats.streams.json', natsStreams(topology));
    yield brokerFile(model, this.name, 'nats.permissions.conf', 'nats-permissions', {
      users: brokerAccess(model).map((access) => ({
        user: JSON.stringify(access.service),
        password: `NATS_PASSWORD_${snakeName(access.service).toUpperCase()}`,
        publish: publishSubjects(access).map((subject) => JSON.stringify(subject)),
      })),
    });
  },
};

/** Publishers send to the queues themselves and read the bindings from a bucket; all else is the API of a service's own streams. */
function publishSubjects({ topology, reaches }: ServiceAccess): readonly string[] {
  const own = topology.queues.flatMap(({ name, deadLetter }) => [name, deadLetter]);
  const queues = new Set([...own, ...reaches.map(({ name }) => name)]);
  return [
    ...[...queues].sort().map((queue) => `sw.queue.${token(queue)}.*`),
    `$KV.${bucket}.>`,
    '$JS.API.INFO',
    ...[bucketStream, ...own.map(streamOf)].flatMap((stream) => [
      `$JS.API.STREAM.CREATE.${stream}`,
      `$JS.API.STREAM.UPDATE.${stream}`,
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
      `$JS.API.CONSUMER.CREATE.${stream}`,
      `$JS.API.CONSUMER.CREATE.${stream}.>`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.>`,
      `$JS.API.CONSUMER.INFO.${stream}.*`,
      `$JS.API.CONSUMER.DELETE.${stream}.*`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
      `$JS.ACK.${stream}.>`,
      `$JS.FC.${stream}.>`,
    ]),
  ];
}
