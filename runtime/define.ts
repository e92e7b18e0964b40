import type {
  CommandDefinition,
  EffectDefinition,
  MessageDefinition,
  OutgoingDefinition,
  OwnedDefinition,
  ReplicaDefinition,
  RetryPolicy,
  WaitRule,
} from './definition.js';
import { UsageError } from './errors.js';

/** Tries when a contract names none: 5 in all, half a second to a minute apart, full jitter. */
export const defaultRetry: RetryPolicy = Object.freeze({
  attemptsMax: 5,
  backoff: 'exponential',
  initialMs: 500,
  maxMs: 60_000,
  jitter: 'full',
});

/** Says that this service keeps a copy of another service's entity. Throws `UsageError` on bounds that make no sense. */
export function replica<M, Row extends object>(definition: ReplicaDefinition<M, Row>): ReplicaDefinition<M, Row> {
  checkMessage(definition.name, definition.message);
  checkRetry(definition.name, definition.retry);
  checkWaits(definition.name, definition.awaits);
  if (definition.batchSize !== undefined) check(definition.batchSize >= 1, definition.name, 'batchSize is below 1');
  return Object.freeze(definition);
}

/** Says that a handler of the user's reacts to a message. Throws `UsageError` on bounds that make no sense. */
export function effect<M>(definition: EffectDefinition<M>): EffectDefinition<M> {
  checkMessage(definition.name, definition.message);
  checkRetry(definition.name, definition.retry);
  checkWaits(definition.name, definition.awaits);
  check(definition.handler !== '', definition.name, 'handler has no name');
  return Object.freeze(definition);
}

/** Says that this service owns an entity and which message tells its changes. */
export function owned<E, M>(definition: OwnedDefinition<E, M>): OwnedDefinition<E, M> {
  checkMessage(definition.entity, definition.message);
  check(definition.address.key !== '', definition.entity, 'address has no key');
  return Object.freeze(definition);
}

/** Says that this service sends a command to the one service that carries it out. Throws `UsageError` on bounds that make no sense. */
export function command<M>(definition: CommandDefinition<M>): CommandDefinition<M> {
  outgoing(definition);
  const { delayMs = 0, validForMs } = definition;
  check(delayMs >= 0, definition.message.name, 'delayMs is negative');
  check(validForMs === undefined || validForMs > 0, definition.message.name, 'validForMs is not above 0');
  return Object.freeze(definition);
}

/** Says that this service publishes a fact. */
export function outgoing<M>(definition: OutgoingDefinition<M>): OutgoingDefinition<M> {
  checkMessage(definition.message.name, definition.message);
  check(definition.address.key !== '', definition.message.name, 'address has no key');
  return Object.freeze(definition);
}

function checkMessage(owner: string, message: MessageDefinition): void {
  check(message.name !== '', owner, 'message has no name');
  check(typeof message.validate === 'function', owner, 'message has no validator');
}

function checkRetry(owner: string, retry: RetryPolicy): void {
  check(retry.attemptsMax >= 1, owner, 'attemptsMax counts total tries and is below 1');
  check(retry.initialMs >= 0 && retry.maxMs >= retry.initialMs, owner, 'retry delays are not ascending');
}

function checkWaits(owner: string, waits: readonly WaitRule<never>[]): void {
  for (const wait of waits) {
    check(wait.timeoutMs >= 0 && wait.forceTimeoutMs >= 0, owner, `wait for ${wait.entity} has a negative timeout`);
    check(wait.maxAgeMs >= wait.timeoutMs, owner, `wait for ${wait.entity} ends before its timeout`);
  }
}

function check(holds: boolean, owner: string, problem: string): void {
  if (!holds) throw new UsageError(`${owner}: ${problem}`);
}
