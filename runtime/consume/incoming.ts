import { hashOf } from '../canonical.js';
import type { VersionRule } from '../definition.js';
import type { Envelope } from '../envelope.js';
import type { Incoming, Version } from '../guard.js';
import { instantNanoseconds } from '../instant.js';

/** What a consumer knows of the message's entity beside its version. */
export interface Carried {
  readonly version: VersionRule<unknown>;
  readonly data: unknown;
  readonly deleted: boolean;
}

/** The message as the guard sees it, or undefined when it carries no readable version. */
export function incomingOf(envelope: Envelope, carried: Carried): Incoming | undefined {
  const version = versionOf(envelope, carried.version);
  if (version === undefined) return undefined;
  const previous = carried.version.kind === 'sequence' ? integer(envelope.previoussequence) : undefined;
  return {
    version,
    hash: hashOf(carried.data),
    deleted: carried.deleted,
    force: envelope.force === true,
    carries: envelope.carries ?? 'state',
    equalApplies: carried.version.kind === 'timestamp' && carried.version.tie === undefined,
    ...(previous === undefined ? {} : { previousSequence: previous }),
  };
}

function versionOf(envelope: Envelope, rule: VersionRule<unknown>): Version | undefined {
  if (rule.kind === 'timestamp') {
    const nanoseconds = instantNanoseconds(rule.of(envelope.data));
    return nanoseconds === undefined
      ? undefined
      : { epoch: 0, sequence: nanoseconds, tie: rule.tie?.(envelope.data) ?? '' };
  }
  const sequence = integer(envelope.sequence);
  const epoch = integer(envelope.epoch ?? '0');
  return sequence === undefined || epoch === undefined ? undefined : { epoch: Number(epoch), sequence, tie: '' };
}

function integer(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}
