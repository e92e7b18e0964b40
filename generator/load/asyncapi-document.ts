import { Messages } from './asyncapi-messages.js';
import type { AsyncApiDocument, AsyncChannel, AsyncOperation, Source } from './documents.js';
import { child, children, keyOf, mappingAt, type Place, positionOf, rootOf, schemaRefOf, textAt } from './place.js';
import type { References } from './references.js';
import { securityNames } from './security.js';
import { traitValue } from './traits.js';

/** Reads an AsyncAPI 2.x or 3.x document into its version-neutral form, from the raw source: the parser's own document loses names across files and fails on recursion. */
export function readAsyncApi(
  source: Source,
  references: References,
  owner: { readonly service: string | undefined; readonly features: readonly string[] },
): AsyncApiDocument {
  const root = rootOf(source);
  const version = textAt(root, 'asyncapi') ?? '';
  const major = version.startsWith('2') ? 2 : 3;
  const messages = new Messages(root, references, major);
  const { channels, operations } =
    major === 2 ? readVersion2(root, references, messages) : readVersion3(root, references, messages);
  const info = references.step(root, 'info');
  const title = textAt(info, 'title');
  const infoVersion = textAt(info, 'version');
  const { service } = owner;
  return {
    source,
    version,
    features: owner.features,
    servers: serversOf(root, references),
    channels,
    operations,
    messages: messages.list(),
    schemas: componentSchemas(root),
    ...(title !== undefined && { title }),
    ...(infoVersion !== undefined && { infoVersion }),
    ...(service !== undefined && { service }),
  };
}

interface Traffic {
  readonly channels: readonly AsyncChannel[];
  readonly operations: readonly AsyncOperation[];
}

function readVersion3(root: Place, references: References, messages: Messages): Traffic {
  const channelIds = new Map<string, AsyncChannel>();
  const channels = entriesOf(root, 'channels').flatMap(([id, mention]) => {
    const place = references.follow(mention);
    if (place === undefined) return [];
    const address = textAt(place, 'address') ?? null;
    const names = entriesOf(place, 'messages').flatMap(([key, message]) => messages.at(message, id, key));
    const channel = channelOf(id, address, names, place, mention, references);
    channelIds.set(keyOf(schemaRefOf(place)), channel);
    return [channel];
  });
  const channelAt = (place: Place | undefined): AsyncChannel | undefined => {
    const landed = references.follow(place);
    return landed && channelIds.get(keyOf(schemaRefOf(landed)));
  };
  const listed = (place: Place | undefined, channel: AsyncChannel | undefined): readonly string[] =>
    place === undefined
      ? (channel?.messages ?? [])
      : unique(children(place).flatMap(([, item]) => messages.at(item, channel?.id ?? '')));
  const operations = entriesOf(root, 'operations').flatMap(([id, mention]) => {
    const place = references.follow(mention);
    const channel = channelAt(place && child(place, 'channel'));
    const action = textAt(place, 'action');
    if (place === undefined || channel === undefined || (action !== 'send' && action !== 'receive')) return [];
    const reply = references.step(place, 'reply');
    const replyChannel = channelAt(reply && child(reply, 'channel'));
    return [
      {
        id,
        action: action as 'send' | 'receive',
        channel: channel.id,
        messages: listed(child(place, 'messages'), channel),
        security: securityNames(traitValue(place, 'security', 3, references)),
        bindings: mappingAt(references.follow(traitValue(place, 'bindings', 3, references))),
        at: positionOf(mention),
        ...(reply !== undefined && {
          reply: {
            messages: listed(child(reply, 'messages'), replyChannel),
            ...(replyChannel !== undefined && { channel: replyChannel.id }),
          },
        }),
      },
    ];
  });
  return { channels, operations };
}

/** In 2.x the verbs speak to the reader: `publish` is what others may send, so the application itself receives it. */
const VERBS = [
  ['publish', 'receive'],
  ['subscribe', 'send'],
] as const;

function readVersion2(root: Place, references: References, messages: Messages): Traffic {
  const operations: AsyncOperation[] = [];
  const channels = entriesOf(root, 'channels').flatMap(([address, mention]) => {
    const place = references.follow(mention);
    if (place === undefined) return [];
    const names: string[] = [];
    for (const [verb, action] of VERBS) {
      const operation = references.step(place, verb);
      if (operation === undefined) continue;
      const used = unique(messages.at(child(operation, 'message'), address));
      names.push(...used);
      operations.push({
        id: textAt(operation, 'operationId') ?? `${address}.${verb}`,
        action,
        channel: address,
        messages: used,
        security: securityNames(traitValue(operation, 'security', 2, references)),
        bindings: mappingAt(references.follow(traitValue(operation, 'bindings', 2, references))),
        at: positionOf(operation),
      });
    }
    return [channelOf(address, address, names, place, mention, references)];
  });
  return { channels, operations };
}

function channelOf(
  id: string,
  address: string | null,
  messages: readonly string[],
  place: Place,
  mention: Place,
  references: References,
): AsyncChannel {
  const servers = child(place, 'servers');
  return {
    id,
    address,
    messages: unique(messages),
    parameters: entriesOf(place, 'parameters').map(([name, mentioned]) => {
      const parameter = references.follow(mentioned);
      const location = parameter === undefined ? undefined : textAt(parameter, 'location');
      return location === undefined ? { name } : { name, location };
    }),
    bindings: mappingAt(references.step(place, 'bindings')),
    servers: servers === undefined ? [] : children(servers).flatMap(([, server]) => serverName(server)),
    at: positionOf(mention),
  };
}

/** 2.x names servers, 3.x refers to them. */
function serverName(server: Place): readonly string[] {
  if (typeof server.value === 'string') return [server.value];
  return securityNames({ ...server, value: [server.value] });
}

function serversOf(root: Place, references: References): AsyncApiDocument['servers'] {
  return entriesOf(root, 'servers').map(([name, mention]) => {
    const server = references.follow(mention);
    return {
      name,
      protocol: textAt(server, 'protocol') ?? '',
      host: textAt(server, 'host') ?? textAt(server, 'url') ?? '',
    };
  });
}

export function componentSchemas(root: Place): AsyncApiDocument['schemas'] {
  const components = child(root, 'components');
  return components === undefined
    ? []
    : entriesOf(components, 'schemas').map(([name, place]) => ({
        name,
        ref: schemaRefOf(place),
        at: positionOf(place),
      }));
}

function entriesOf(place: Place, key: string): readonly (readonly [string, Place])[] {
  const map = child(place, key);
  return map === undefined || Array.isArray(map.value) ? [] : children(map);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
