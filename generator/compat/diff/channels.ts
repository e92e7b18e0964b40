import { posix } from 'node:path';
import { channelsOf } from '../../model/channel-bindings.js';
import { brokerName } from '../../model/naming.js';
import type { Channel, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { bindingSettings } from './bindings.js';
import { namesItself } from './named-system.js';
import { compareNouns, type NounTable } from './nouns.js';
import { pairs } from './pairs.js';
import { sorted } from './plain.js';

/** Names of channels that hold for both revisions. */
export interface ChannelNames {
  of(channel: Channel): string;
  readonly before: ReadonlyMap<string, Channel>;
  readonly after: ReadonlyMap<string, Channel>;
}

/** Channels: their address, where they live on the broker, what carries them. */
export function channelChanges(names: ChannelNames, before: Model, after: Model): Iterable<Change> {
  const homes = new Map([...homesOf(names.before, before), ...homesOf(names.after, after)]);
  const isNamed = namesItself(before) || namesItself(after);
  const features = featuresByDocument(before, after);
  const table: NounTable<Channel> = {
    noun: 'channel',
    subject: (name) => `channel:${name}`,
    features: (channel) => features.get(channel.document) ?? [],
    at: (channel) => channel.at,
    settings: (channel) => ({
      address: channel.address,
      'exchange.name': isNamed ? channel.exchange.name : (homes.get(channel) ?? channel.exchange.name),
      'exchange.kind': channel.exchange.kind,
      protocols: sorted(channel.protocols),
      ...Object.fromEntries(
        channel.definition.parameters.map(({ name, location }) => [`parameters.${name}`, location ?? '']),
      ),
      ...onTheChannel(bindingSettings(channel.definition.bindings)),
    }),
  };
  return compareNouns(pairs(names.before, names.after, shape), table);
}

/** Exchanges and topics that are named after the system, with its name left open. */
function homesOf(channels: ReadonlyMap<string, Channel>, model: Model): ReadonlyMap<Channel, string> {
  const { settings, system } = model;
  const named = (['exchange', 'topic'] as const).flatMap((pattern) =>
    [system, ...model.services.keys()].map((service) => {
      const open = service === system ? {} : { service };
      return [brokerName(settings, pattern, { system, service }), brokerName(settings, pattern, open)] as const;
    }),
  );
  const openNames = new Map(named);
  return new Map(
    [...channels.values()].map((channel) => [channel, openNames.get(channel.exchange.name) ?? channel.exchange.name]),
  );
}

/** Where the channel lives is said once, as its exchange. */
function onTheChannel(bindings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const once = new Set(['bindings.amqp.exchange.name', 'bindings.amqp.exchange.type', 'bindings.kafka.topic']);
  return Object.fromEntries(Object.entries(bindings).filter(([path]) => !once.has(path)));
}

/** The address is what is agreed on; the id of a channel is only a name for it. */
function shape({ address, exchange }: Channel): string | undefined {
  return address === null ? undefined : canonicalJson([address, exchange.kind]);
}

/**
 * A channel goes by its id. Where documents use one id for different addresses, the document tells them apart, by the last two steps of its path: a
 * workspace that moved as a whole keeps them.
 */
export function channelNames(before: Model, after: Model): ChannelNames {
  const left = channelsOf(before);
  const right = channelsOf(after);
  const several = new Set([...ambiguous(left), ...ambiguous(right)]);
  const fileOf = new Map<Channel, string>();
  for (const [model, channels] of [
    [before, left],
    [after, right],
  ] as const) {
    for (const channel of channels)
      fileOf.set(channel, lastSteps(model.files.get(channel.document) ?? channel.document));
  }
  const of = (channel: Channel): string =>
    several.has(channel.id) ? `${channel.id} in ${fileOf.get(channel) ?? ''}` : channel.id;
  const named = (channels: readonly Channel[]): ReadonlyMap<string, Channel> =>
    new Map([...channels].reverse().map((channel) => [of(channel), channel]));
  return { of, before: named(left), after: named(right) };
}

function ambiguous(channels: readonly Channel[]): readonly string[] {
  const first = new Map<string, string>();
  return channels.flatMap((channel) => {
    const said = canonicalJson([channel.address, channel.exchange, channel.definition.bindings]);
    const known = first.get(channel.id);
    if (known === undefined) first.set(channel.id, said);
    return known === undefined || known === said ? [] : [channel.id];
  });
}

function lastSteps(file: string): string {
  return posix.join(posix.basename(posix.dirname(file)), posix.basename(file));
}

function featuresByDocument(before: Model, after: Model): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const message of [...after.messages.values(), ...before.messages.values()]) {
    for (const document of message.documents) {
      const known = found.get(document) ?? new Set<string>();
      for (const feature of message.features) known.add(feature);
      found.set(document, known);
    }
  }
  return new Map([...found].map(([document, names]) => [document, [...names]]));
}
