import { isDeepStrictEqual } from 'node:util';
import type { AsyncApiDocument, AsyncMessage } from '../../load/documents.js';
import { lookUp } from '../../schema/look-up.js';
import { brokerName } from '../naming.js';
import type { Channel, Message } from '../types.js';
import type { BuildContext } from './context.js';

/** Messages of all documents by name. The same definition reached twice is one message; a different one under the same name is a rival. */
export function buildMessages(
  context: BuildContext,
  documents: ReadonlyMap<string, unknown>,
  featureOf: (path: string) => readonly string[],
): Map<string, Message> {
  const found = new Map<
    string,
    {
      definition: AsyncMessage;
      paths: Set<string>;
      channels: Channel[];
      rivals: AsyncMessage[];
      senders: Message['senders'][number][];
      receivers: Message['receivers'][number][];
    }
  >();
  for (const document of context.workspace.asyncapi) {
    const channels = new Map(document.channels.map((channel) => [channel.id, channelOf(context, document, channel)]));
    for (const definition of document.messages) {
      const known = found.get(definition.name);
      const entry = known ?? {
        definition,
        paths: new Set<string>(),
        channels: [],
        rivals: [],
        senders: [],
        receivers: [],
      };
      found.set(definition.name, entry);
      entry.paths.add(document.source.path);
      if (known && !sameMessage(documents, known.definition, definition)) known.rivals.push(definition);
      for (const channel of document.channels) {
        const built = channels.get(channel.id);
        if (built && channel.messages.includes(definition.name)) entry.channels.push(built);
      }
      for (const operation of document.operations) {
        if (document.service === undefined || !operation.messages.includes(definition.name)) continue;
        const side = operation.action === 'send' ? entry.senders : entry.receivers;
        side.push({
          service: document.service,
          channel: operation.channel,
          document: document.source.path,
          at: operation.at,
        });
      }
    }
  }
  const names = [...found.keys()].sort();
  return new Map(
    names.flatMap((name) => {
      const entry = found.get(name);
      if (entry === undefined) return [];
      const { definition } = entry;
      const message: Message = {
        name,
        definition,
        documents: [...entry.paths].sort(),
        channels: entry.channels,
        version: definition.version ?? '1',
        versionGiven: definition.version !== undefined,
        rivals: entry.rivals,
        senders: entry.senders,
        receivers: entry.receivers,
        features: [...new Set([...entry.paths].flatMap((path) => featureOf(path)))].sort(),
        at: definition.at,
      };
      return [[name, message] as const];
    }),
  );
}

/** One definition, or two that say the same thing word for word. */
function sameMessage(documents: ReadonlyMap<string, unknown>, a: AsyncMessage, b: AsyncMessage): boolean {
  if (a.ref.file === b.ref.file && a.ref.pointer === b.ref.pointer) return true;
  if (a.payload === undefined || b.payload === undefined) return a.payload === b.payload;
  const one = lookUp(documents, a.payload);
  const two = lookUp(documents, b.payload);
  return one !== undefined && two !== undefined && (one.value === two.value || isDeepStrictEqual(one.value, two.value));
}

function channelOf(
  context: BuildContext,
  document: AsyncApiDocument,
  channel: AsyncApiDocument['channels'][number],
): Channel {
  const amqp = mapping(channel.bindings.amqp);
  const type = mapping(amqp?.exchange)?.type;
  const protocols = new Set([
    ...document.servers
      .filter((server) => channel.servers.length === 0 || channel.servers.includes(server.name))
      .map((server) => server.protocol),
    ...Object.keys(channel.bindings),
  ]);
  const { settings } = context.workspace;
  const names = { system: settings.system, service: document.service ?? settings.system };
  return {
    id: channel.id,
    address: channel.address,
    document: document.source.path,
    definition: channel,
    protocols: [...protocols].sort(),
    operations: document.operations.filter((operation) => operation.channel === channel.id),
    exchange: {
      name: livesOnKafka(settings.broker.kind, protocols)
        ? topicOf(channel, brokerName(settings, 'topic', names))
        : (textIn(mapping(amqp?.exchange)?.name) ?? brokerName(settings, 'exchange', names)),
      kind: type === 'fanout' || type === 'direct' ? type : 'topic',
    },
    at: channel.at,
  };
}

/** The memory broker stands in for the one that the documents speak of. */
function livesOnKafka(kind: string, protocols: ReadonlySet<string>): boolean {
  const kafka = [...protocols].filter((protocol) => /^kafka(-secure)?$/.test(protocol));
  return kind === 'kafka' || (kind === 'memory' && kafka.length > 0 && kafka.length === protocols.size);
}

/** An address is the topic itself, unless the binding names another one or parameters make many of it. */
function topicOf(channel: AsyncApiDocument['channels'][number], otherwise: string): string {
  const address = channel.address?.includes('{')
    ? undefined
    : channel.address?.replace(/^\/+/, '').replaceAll('/', '.');
  return textIn(mapping(channel.bindings.kafka)?.topic) ?? textIn(address) ?? otherwise;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function mapping(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
