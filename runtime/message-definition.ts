import type { Attribute, EnvelopeMapping } from './envelope.js';
import type { Validator } from './validation.js';

/** A message of the contract, shared by everyone who sends or receives it. */
export interface MessageDefinition<M = unknown> {
  /** Message name; the CloudEvents `type`. */
  readonly name: string;
  readonly version: string;
  readonly validate: Validator<M>;
  /** Where the attributes lie in the body; absent when they are headers only. */
  readonly envelope?: EnvelopeMapping;
  /** Headers that the contract declares, each with the attribute it repeats; sent beside the `ce-` ones. */
  readonly headers?: Readonly<Record<string, Attribute>>;
  /** Refused by producer and consumers above this size of the body, in bytes; the service's own bound holds as well. */
  readonly payloadMax?: number;
  /** Dotted paths of personal values: masked wherever a payload or an error about it is shown. */
  readonly redact?: readonly string[];
  /** Taken from these services only, each proven by its signature. Absent = from anybody. */
  readonly security?: { readonly allow: readonly string[] };
  /** Age at which a dead letter of it becomes an alert, in ms. */
  readonly alertAfterMs?: number;
}
