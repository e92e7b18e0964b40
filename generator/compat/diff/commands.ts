import type { Command, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change, Noun } from '../change.js';
import { deadLetterSettings, securitySettings } from './listening.js';
import { compareNouns, type NounTable } from './nouns.js';
import { type Pair, pairs } from './pairs.js';
import { payloadShape } from './payload-shape.js';
import { sorted } from './plain.js';

/** Commands, who sends them and who receives them. */
export function* commandChanges(before: Model, after: Model): Iterable<Change> {
  for (const pair of pairs(before.commands, after.commands, (command, side) =>
    shape(command, side === 'before' ? before : after),
  )) {
    yield* compareNouns([pair], commandTable);
    if (pair.before === undefined || pair.after === undefined) continue;
    yield* partyChanges(pair, 'sender', (command) =>
      command.senders.map((service) => ({ service, feature: command.feature, at: command.at })),
    );
    yield* partyChanges(pair, 'receiver', (command) => command.receivers);
  }
}

const commandTable: NounTable<Command> = {
  noun: 'command',
  subject: (name) => `command:${name}`,
  features: (command) => [command.feature],
  at: (command) => command.at,
  settings: (command) => ({
    message: command.message,
    channel: command.channel,
    routing_key: command.routingKey,
    reply: command.reply,
    timeout: command.timeoutMs,
    idempotency_key: command.idempotencyKey,
    outbox: command.outbox,
    delay: command.delayMs,
    ...securitySettings(command.security),
    ...deadLetterSettings(command.deadLetter),
  }),
  place: (command, setting) =>
    setting === 'security'
      ? command.security?.at
      : setting.startsWith('dead_letter.')
        ? command.deadLetter.at
        : undefined,
};

/** The same services asking the same of each other. */
function shape({ message, senders, receivers, reply }: Command, model: Model): string | undefined {
  const payload = payloadShape(model, message);
  const services = [sorted(senders), sorted(receivers.map(({ service }) => service))];
  return payload === undefined ? undefined : canonicalJson([payload, services, reply]);
}

type Party = Command['receivers'][number];

/** Who is on one side. One service in the place of another is that side moved: one change, not two. */
function* partyChanges(
  { name, before, after }: Pair<Command>,
  noun: Noun & ('sender' | 'receiver'),
  side: (command: Command) => readonly Party[],
): Iterable<Change> {
  const table: NounTable<Party> = {
    noun,
    subject: (service) => `command:${name} ${noun}:${service}`,
    features: (party) => [party.feature],
    at: (party) => party.at,
    settings: ({ service }) => ({ service }),
  };
  const sides = (command: Command | undefined): ReadonlyMap<string, Party> =>
    new Map((command === undefined ? [] : side(command)).map((party) => [party.service, party]));
  const found = pairs(sides(before), sides(after), () => noun);
  for (const change of compareNouns(found, table)) {
    // The name of a party is all that it is set to.
    if (change.kind !== 'set') yield change;
  }
}
