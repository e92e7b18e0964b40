import { defaultRetry } from '../../runtime/define.js';
import type {
  EffectDefinition,
  MessageDefinition,
  OwnedDefinition,
  ReplicaDefinition,
  RetryPolicy,
  ServiceDefinition,
  VersionRule,
  WaitRule,
} from '../../runtime/definition.js';
import { at, idOf, textOf } from '../../runtime/values.js';
import { addressOf, answerAddress, commandQueueOf, queueOf } from '../emit/addresses.js';
import { copiesOf } from '../emit/outputs/consumers.js';
import { ownedNames } from '../emit/outputs/producers.js';
import type { AnswerFacts, CommandFacts, EffectFacts, ServiceFacts } from '../emit/service-facts.js';
import { topologyOf } from '../emit/topology.js';
import { joinPath } from '../emit/waits-text.js';
import { propertyAt } from '../model/payload.js';
import type { Command, Entity, Expression, Model, Ordering, Retry, Wait } from '../model/types.js';
import { evaluateExpression } from '../schema/expression.js';
import type { MessageDefinitions } from './message-definition.js';

/**
 * The definition of one service as its generated code holds it, read from the contracts in this process: commands speak of running services whose
 * code they do not have. Columns of copies are left out, since nothing here reads or writes their rows.
 */
export function serviceDefinition(model: Model, facts: ServiceFacts, messages: MessageDefinitions): ServiceDefinition {
  const topology = topologyOf(model, facts);
  const { name } = facts.service;
  const queue = topology.queues.find((each) => each.name === queueOf(model, name).name)?.name;
  const commandQueue = topology.queues.find((each) => each.name === commandQueueOf(model, name).name)?.name;
  return {
    system: model.system,
    service: name,
    owned: Object.fromEntries(
      ownedNames(facts).flatMap(({ entity, property }) => {
        const definition = ownedDefinition(model, entity, messages);
        return definition === undefined ? [] : [[property, definition] as const];
      }),
    ),
    publishes: {},
    copies: Object.fromEntries(
      copiesOf(facts).flatMap((copy) => {
        const message = messages(copy.entity.event ?? '');
        return message === undefined ? [] : [[copy.row, replicaDefinition(model, name, copy, message)] as const];
      }),
    ),
    effects: [
      ...facts.effects.flatMap((effect) => {
        const message = messages(effect.event.message);
        return message === undefined ? [] : [effectDefinition(model, name, effect, message)];
      }),
      ...facts.carriesOut.flatMap((one) => commandDefinition(model, name, one, messages) ?? []),
      ...facts.answers.flatMap((answer) => answerDefinition(name, answer, messages) ?? []),
    ],
    topology,
    ...(queue !== undefined && { queue }),
    ...(commandQueue !== undefined && { commandQueue }),
  };
}

function ownedDefinition(model: Model, entity: Entity, messages: MessageDefinitions): OwnedDefinition | undefined {
  const message = messages(entity.event ?? '');
  if (message === undefined) return undefined;
  const { exchange, key } = addressOf(model, message.name, entity.owner, entity);
  const { publishWhen, payload } = entity;
  return {
    entity: entity.name,
    message,
    address: { exchange: exchange.name, key },
    key: (state) => textOf(valueAt(state, entity.key)),
    ...(publishWhen !== undefined && {
      publishWhen: (told: unknown, previous: unknown) => holds(publishWhen, told, payload, { previous }),
    }),
    ...(entity.delete.field !== undefined && { softDelete: { field: entity.delete.field } }),
    deletes: entity.delete.mode !== 'never',
    outbox: [...model.events.values()].find((event) => event.message === message.name)?.outbox ?? true,
  };
}

function replicaDefinition(
  model: Model,
  service: string,
  { entity, consumer, table }: ReturnType<typeof copiesOf>[number],
  message: MessageDefinition,
): ReplicaDefinition {
  const { when } = consumer;
  return {
    name: `${service}.${consumer.as}`,
    message,
    entity: entity.name,
    owner: entity.owner,
    table: { name: table, entity: entity.name, columns: [] },
    key: (told) => textOf(valueAt(told, joinPath(entity.payload, entity.key))),
    data: (told) => valueAt(told, entity.payload),
    version: versionRule(entity.ordering),
    deleted: (told, op) => isDeletion(entity, told, op),
    ...(when !== undefined && { when: (told: unknown) => holds(when, told, entity.payload) }),
    fields: () => ({}),
    awaits: waitRules(model, message.name, entity.payload, consumer.waits),
    retry: retryPolicy(undefined, entity.deadLetter),
    ...(consumer.batchSize !== undefined && { batchSize: consumer.batchSize }),
  };
}

function effectDefinition(
  model: Model,
  service: string,
  { event, consumer, slot }: EffectFacts,
  message: MessageDefinition,
): EffectDefinition {
  const entity = event.entity === undefined ? undefined : model.entities.get(event.entity);
  const carrier = entity?.event === event.message ? entity : undefined;
  const { when } = consumer;
  const keyPath = consumer.idempotencyKey ?? event.idempotencyKey;
  const payload = carrier?.payload ?? '';
  return {
    name: `${service}.${slot}`,
    handler: slot,
    message,
    ...(keyPath !== undefined && { idempotencyKey: (told: unknown) => textOf(valueAt(told, keyPath)) }),
    ...(carrier !== undefined && {
      guard: {
        entity: carrier.name,
        key: (told: unknown) => textOf(valueAt(told, joinPath(payload, carrier.key))),
        data: (told: unknown) => valueAt(told, payload),
        version: versionRule(carrier.ordering),
        carries: 'state',
      },
    }),
    ...(when !== undefined && { when: (told: unknown) => holds(when, told, payload) }),
    awaits: waitRules(model, message.name, payload, consumer.waits),
    retry: retryPolicy(consumer.retry, event.deadLetter),
    transaction: consumer.transaction,
  };
}

function commandDefinition(
  model: Model,
  service: string,
  { command, slot }: CommandFacts,
  messages: MessageDefinitions,
): EffectDefinition | undefined {
  const message = messages(command.message);
  if (message === undefined) return undefined;
  const { idempotencyKey: keyPath, senders } = command;
  const reply = command.reply === undefined ? undefined : messages(command.reply);
  const replyTo = Object.fromEntries(
    senders.map((sender) => {
      const { exchange, key } = answerAddress(model, sender);
      return [sender, { exchange: exchange.name, key }] as const;
    }),
  );
  return {
    ...handlerFacts(service, slot, message, command),
    ...(keyPath !== undefined && { idempotencyKey: (told: unknown) => textOf(valueAt(told, keyPath)) }),
    command: reply === undefined ? {} : { reply, replyTo },
  };
}

function answerDefinition(
  service: string,
  { message: name, commands: [command], slot }: AnswerFacts,
  messages: MessageDefinitions,
): EffectDefinition | undefined {
  const message = messages(name);
  return message === undefined || command === undefined ? undefined : handlerFacts(service, slot, message, command);
}

function handlerFacts(service: string, slot: string, message: MessageDefinition, { deadLetter }: Command) {
  const retry = retryPolicy(undefined, deadLetter);
  return { name: `${service}.${slot}`, handler: slot, message, awaits: [], retry, transaction: 'single' } as const;
}

function versionRule({ version, tieBreaker }: Ordering): VersionRule<unknown> {
  if (version.kind === 'sequence') return version;
  return {
    kind: 'timestamp',
    of: (told) => textOf(valueAt(told, version.path)),
    ...(tieBreaker !== null && { tie: (told: unknown) => textOf(valueAt(told, tieBreaker)) }),
  };
}

/** Gone when the operation says so, or the soft-delete flag of the state does. */
function isDeletion(entity: Entity, told: unknown, op: string | undefined): boolean {
  const { mode, field } = entity.delete;
  if (mode === 'never') return false;
  return op === 'deleted' || (field !== undefined && valueAt(told, joinPath(entity.payload, field)) === true);
}

function waitRules(
  model: Model,
  message: string,
  prefix: string,
  waits: readonly Wait[],
): readonly WaitRule<unknown>[] {
  const payload = model.messages.get(message)?.definition.payload;
  return waits.flatMap((wait) => {
    const path = [joinPath(prefix, wait.by), wait.by].find(
      (each) => payload !== undefined && propertyAt(model, payload, each) !== undefined,
    );
    const { entity, timeoutMs, forceTimeoutMs, onTimeout, optional, maxAgeMs } = wait;
    return path === undefined
      ? []
      : [
          {
            ...{ entity, timeoutMs, forceTimeoutMs, onTimeout, optional, maxAgeMs },
            by: (told: unknown) => idOf(valueAt(told, path)),
          },
        ];
  });
}

function retryPolicy(retry: Retry | undefined, deadLetter: Entity['deadLetter']): RetryPolicy {
  if (retry !== undefined) {
    const { attemptsMax, backoff, initialMs, maxMs, jitter } = retry;
    return { attemptsMax, backoff, initialMs, maxMs, jitter };
  }
  return deadLetter.given ? { ...defaultRetry, attemptsMax: deadLetter.maxDeliveries } : defaultRetry;
}

/** Whether an expression of the contract holds for a message, by the rules that generated predicates follow: what fails does not hold. */
function holds(
  expression: Expression,
  told: unknown,
  payload: string,
  more: Readonly<Record<string, unknown>> = {},
): boolean {
  const fields = typeof told === 'object' && told !== null ? told : {};
  return evaluateExpression(expression.text, { ...fields, entityData: valueAt(told, payload), ...more }) === true;
}

/** The value at a dotted path; '' is the value itself. */
function valueAt(value: unknown, path: string): unknown {
  return path === '' ? value : at(value, ...path.split('.'));
}
