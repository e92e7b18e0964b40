import { hashOf } from '../canonical.js';
import type { VersionRule } from '../definition.js';
import type { Carries, Envelope, EnvelopeMapping } from '../envelope.js';
import { withoutAttributes } from '../envelope-mapping.js';
import type { Incoming, Version } from '../guard.js';
import { instantNanoseconds } from '../instant.js';

/** What a consumer knows of the message's entity beside its version. */
export interface Carried {
  readonly version: VersionRule<unknown>;
  readonly data: unknown;
  /** Where the message's contract keeps attributes in the body. */
  readonly mapping: EnvelopeMapping | undefined;
  readonly deleted: boolean;
  /** Default: what the message says, else `state`. */
  readonly carries?: Carries;
}

/** The message as the guard sees it, or undefined when it carries no readable version. */
export function incomingOf(envelope: Envelope, carried: Carried): Incoming | undefined {
  const version = versionOf(envelope, carried.version);
  if (version === undefined) return undefined;
  const previous = carried.version.kind === 'sequence' ? integer(envelope.previoussequence) : undefined;
  return {
    version,
    hash: hashOf(stateOf(envelope, carried)),
    deleted: carried.deleted,
    force: envelope.force === true,
    carries: carried.carries ?? envelope.carries ?? 'state',
    equalApplies: carried.version.kind === 'timestamp' && carried.version.tie === undefined,
    ...(previous === undefined ? {} : { previousSequence: previous }),
  };
}

/** What two tellings of one version have in common: where the message is the entity itself, its id and the like are no part of the state. */
function stateOf(envelope: Envelope, { data, mapping }: Carried): unknown {
  return mapping !== undefined && data === envelope.data ? withoutAttributes(mapping, data) : data;
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
