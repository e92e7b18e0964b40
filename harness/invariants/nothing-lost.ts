import { compareVersions } from '../../runtime/guard.js';
import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import type { Invariant, Violation } from './invariant.js';
import {
  type Consumer,
  consumersIn,
  deadIn,
  isBusy,
  isValid,
  type Published,
  publishedIn,
  reaches,
} from './messages.js';
import { consumerPlace } from './places.js';
import { versionOf } from './told.js';
import { unpublished } from './unpublished.js';

/** Every message that was committed is told, and every one that was told is applied, superseded, put aside or in the dead letters. */
export const nothingLost: Invariant = {
  id: 'nothing-lost',
  promise: 'Every message is applied, overtaken by a newer one, put aside or in the dead letters.',
  *check(run, subject) {
    yield* unpublished(run, subject, this.id);
    for (const { service, definition, consumers } of consumersIn(run, subject)) {
      if (isBusy(run, definition)) continue;
      const dead = deadIn(run, service);
      for (const message of publishedIn(run).values()) {
        if (dead.has(message.messageId) || !reaches(definition, message)) continue;
        for (const consumer of consumers) {
          const sentence = lost(run, service, consumer, message);
          if (sentence !== undefined) yield violation(this.id, subject, service, consumer, message, sentence);
        }
      }
    }
  },
};

/** What became of a message at a consumer that should have taken it, when nothing did. */
function lost(run: Run, service: string, consumer: Consumer, message: Published): string | undefined {
  const { envelope } = message;
  const { definition } = consumer;
  const name = definition.message.name;
  if (envelope === undefined) return message.type === name ? `A ${name} that nobody can read is gone.` : undefined;
  if (envelope.type !== name) return undefined;
  if (!isValid(definition.message, envelope.data)) return `A ${name} that breaks its contract is gone.`;
  if (definition.awaits.some(({ onTimeout }) => onTimeout === 'skip')) return undefined;
  return consumer.kind === 'copy'
    ? lostOnCopy(run, service, consumer, message)
    : lostOnHandler(run, service, consumer, message);
}

function lostOnCopy(
  run: Run,
  service: string,
  { as, definition }: Extract<Consumer, { kind: 'copy' }>,
  { envelope }: Published,
): string | undefined {
  if (envelope === undefined) return undefined;
  const id = definition.key(envelope.data);
  const end = run.end.services.get(service);
  const row = end?.copies.find((one) => one.name === as && one.id === id)?.row;
  if (row !== undefined && compareVersions(row.version, versionOf(definition, envelope)) >= 0) return undefined;
  if (end?.parked.some((one) => one.consumer === definition.name && one.id === id)) return undefined;
  return `A message about ${definition.entity} is gone.`;
}

function lostOnHandler(
  run: Run,
  service: string,
  { definition }: Extract<Consumer, { kind: 'effect' }>,
  { envelope, messageId }: Published,
): string | undefined {
  if (envelope === undefined || definition.when?.(envelope.data) === false) return undefined;
  const { guard } = definition;
  const keyOf = (data: unknown): string | undefined => definition.idempotencyKey?.(data);
  const parked = run.end.services.get(service)?.parked ?? [];
  if (parked.some((one) => one.consumer === definition.name && one.messageId === messageId)) return undefined;
  const all = publishedIn(run);
  const handled = run.happenings.some((one) => {
    if (one.kind !== 'handled' || one.service !== service || one.consumer !== definition.name) return false;
    if (one.messageId === messageId) return true;
    const other = all.get(one.messageId)?.envelope;
    return other !== undefined && keyOf(other.data) !== undefined && keyOf(other.data) === keyOf(envelope.data);
  });
  if (handled) return undefined;
  // A newer state of the same entity makes this one stale; where deltas count, none does.
  const newer =
    guard?.carries === 'state' &&
    [...all.values()].some(
      ({ envelope: other }) =>
        other !== undefined &&
        other.id !== messageId &&
        other.type === envelope.type &&
        isValid(definition.message, other.data) &&
        guard.key(other.data) === guard.key(envelope.data) &&
        compareVersions(versionOf(guard, other), versionOf(guard, envelope)) >= 0,
    );
  return newer ? undefined : `${definition.handler} has never handled a ${envelope.type}.`;
}

function violation(
  invariant: string,
  subject: Subject,
  service: string,
  { definition }: Consumer,
  message: Published,
  sentence: string,
): Violation {
  return { invariant, sentence, at: message, service, ...consumerPlace(subject, service, definition.message.name) };
}
