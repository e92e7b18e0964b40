import { sign, verify } from 'node:crypto';
import type { MessageDefinition, ServiceDefinition } from '../definition.js';
import type { WireMessage } from '../envelope.js';
import { UsageError } from '../errors.js';
import { decodeHeaderValue } from '../header-value.js';
import { signingKeyFrom, trustedKeysFrom } from './key-files.js';
import { type SigningKey, signingKeyOf, type TrustedKeys, type TrustedKeyTexts, trustedKeysOf } from './keys.js';
import { signedBytes } from './signed-part.js';

/** How a service proves who it is, and whom it believes. */
export interface SecurityOptions {
  /** Ed25519 private key, PEM. Default: `SEAMWRIGHT_SIGNING_KEY`. */
  readonly signingKey?: string;
  /** Ed25519 public keys of other services, PEM; several while a service changes its key. Default: `SEAMWRIGHT_TRUSTED_KEYS`. */
  readonly trustedKeys?: TrustedKeyTexts;
}

/** Who sent a message, proven. */
export interface Security {
  /** The message with this service's signature; as it is when there is no key. */
  sign(wire: WireMessage): WireMessage;
  /** Why a message may not be taken, in one sentence; undefined when it may. Looks at nothing that is not signed. */
  refusal(message: MessageDefinition, wire: WireMessage): string | undefined;
}

/** Signs nothing and refuses nothing: for whoever looks at messages without taking them. */
export const unsecured: Security = { sign: (wire) => wire, refusal: () => undefined };

/** Headers of a signed message. */
export const signatureHeaders = {
  /** Ed25519 over `signedBytes`, base64url. */
  signature: 'sw-signature',
  /** Id of the key; see `keyId`. */
  key: 'sw-key',
} as const;

/**
 * The keys of a service. Throws `UsageError` when a message that it takes is secured and the key of an allowed sender is not known, or when it sends one and has no
 * key to sign with: it would find out message by message, among the dead letters.
 */
export function securityOf(
  definition: ServiceDefinition,
  options: SecurityOptions = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Security {
  const key = signingKey(options, environment);
  const trusted = trustedKeys(options, environment);
  for (const message of taken(definition)) demandTrust(definition.service, message, trusted);
  for (const message of sent(definition)) {
    if (message.security === undefined || key !== undefined) continue;
    throw new UsageError(
      `${definition.service} sends "${message.name}", which is taken with a signature only: set SEAMWRIGHT_SIGNING_KEY to its private key`,
    );
  }
  return {
    sign: (wire) => (key === undefined ? wire : signed(wire, key)),
    refusal: (message, wire) =>
      message.security === undefined ? undefined : refused(message, message.security.allow, wire, trusted),
  };
}

/** The key that proves who a service is; undefined when there is none. Throws `UsageError` when it cannot be read. */
export function signingKey(
  options: Pick<SecurityOptions, 'signingKey'>,
  { SEAMWRIGHT_SIGNING_KEY: variable }: Readonly<Record<string, string | undefined>>,
): SigningKey | undefined {
  const { signingKey: given } = options;
  if (given !== undefined) return signingKeyKept(given);
  return variable === undefined || variable === '' ? undefined : signingKeyFrom(variable);
}

/** The keys that others prove themselves with; none when nobody names any. Throws `UsageError` when they cannot be read. */
export function trustedKeys(
  options: Pick<SecurityOptions, 'trustedKeys'>,
  { SEAMWRIGHT_TRUSTED_KEYS: variable }: Readonly<Record<string, string | undefined>>,
): TrustedKeys {
  const { trustedKeys: given } = options;
  if (given !== undefined) return trustedKeysKept(given);
  return variable === undefined || variable === '' ? new Map() : trustedKeysFrom(variable);
}

/** Keys that were read, by what they were read from: reading one takes longer than starting the rest of a service, and a simulation starts thousands. */
const signingKeys = new Map<string, SigningKey>();
const trustedKeysRead = new WeakMap<object, TrustedKeys>();

/** More than a process has services. */
const signingKeysMax = 100;

function signingKeyKept(text: string): SigningKey {
  const key = signingKeys.get(text) ?? signingKeyOf(text, 'security.signingKey');
  if (signingKeys.size < signingKeysMax) signingKeys.set(text, key);
  return key;
}

function trustedKeysKept(texts: TrustedKeyTexts): TrustedKeys {
  const keys = trustedKeysRead.get(texts) ?? trustedKeysOf(texts, 'security.trustedKeys');
  trustedKeysRead.set(texts, keys);
  return keys;
}

function taken({ copies, effects }: ServiceDefinition): readonly MessageDefinition[] {
  return [...Object.values(copies), ...effects].map(({ message }) => message);
}

function sent({ owned, publishes, sends = {}, effects }: ServiceDefinition): readonly MessageDefinition[] {
  const told = [...Object.values(owned), ...Object.values(publishes), ...Object.values(sends)];
  return [...told.map(({ message }) => message), ...effects.flatMap(({ command }) => command?.reply ?? [])];
}

function demandTrust(service: string, { name, security }: MessageDefinition, trusted: TrustedKeys): void {
  const unknown = security?.allow.filter((sender) => !trusted.has(sender)) ?? [];
  if (unknown.length === 0) return;
  const list = unknown.map((sender) => `"${sender}"`).join(', ');
  throw new UsageError(
    `${service} takes "${name}" with a signature only, and has no public key of ${list}: add it to SEAMWRIGHT_TRUSTED_KEYS`,
  );
}

function signed(wire: WireMessage, { id, key }: SigningKey): WireMessage {
  const signature = sign(null, signedBytes(wire), key).toString('base64url');
  return {
    ...wire,
    headers: { ...wire.headers, [signatureHeaders.key]: id, [signatureHeaders.signature]: signature },
  };
}

function refused(
  { name }: MessageDefinition,
  allow: readonly string[],
  wire: WireMessage,
  trusted: TrustedKeys,
): string | undefined {
  const source = decodeHeaderValue(wire.headers['ce-source'] ?? '') ?? '';
  const sender = JSON.stringify(source.slice(0, 100));
  if (!allow.includes(source)) return `${sender} may not send ${name}`;
  const { [signatureHeaders.key]: keyName, [signatureHeaders.signature]: signature } = wire.headers;
  if (keyName === undefined || signature === undefined) return `${name} from ${sender} is not signed`;
  const key = trusted.get(source)?.get(keyName);
  if (key === undefined) return `${name} from ${sender} is signed with a key that is not known as its own`;
  return verify(null, signedBytes(wire), key, Buffer.from(signature, 'base64url'))
    ? undefined
    : `${name} from ${sender} was changed after it was signed, or signed by somebody else`;
}
