import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { UsageError } from '../errors.js';

/** A key to sign with, and the name under which others know its public half. */
export interface SigningKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Public keys of each service, by their ids. Several at a time let a service change its key. */
export type TrustedKeys = ReadonlyMap<string, ReadonlyMap<string, KeyObject>>;

/** What a person writes: PEM texts, one or more keys in each. */
export type TrustedKeyTexts = Readonly<Record<string, string | readonly string[]>>;

/** Reads a private key. `place` says in errors where it was found; the key itself is never quoted. Throws `UsageError` when it is no Ed25519 key. */
export function signingKeyOf(pem: string, place: string): SigningKey {
  const key = readKey(pem, place, 'private', createPrivateKey);
  return { id: keyId(createPublicKey(key)), key };
}

/** Reads public keys by service. Throws `UsageError` for a service without a key, and for what is no Ed25519 key. */
export function trustedKeysOf(texts: TrustedKeyTexts, place: string): TrustedKeys {
  return new Map(
    Object.entries(texts).map(([service, text]) => {
      const where = `${place}, "${service}"`;
      const keys = (typeof text === 'string' ? [text] : text).flatMap((one) => blocksOf(one, where));
      if (keys.length === 0) throw new UsageError(`${where}: there is no public key`);
      return [
        service,
        new Map(keys.map((pem) => readKey(pem, where, 'public', createPublicKey)).map((key) => [keyId(key), key])),
      ];
    }),
  );
}

/** 96 bits of the SHA-256 of the public key: enough to tell keys apart, which is all it is for. */
export function keyId(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64url').slice(0, 16);
}

/** Files of environments often hold a PEM text on one line. */
function unfolded(pem: string): string {
  return pem.replaceAll('\\n', '\n').trim();
}

function blocksOf(text: string, place: string): readonly string[] {
  // A private key would be read as the public one inside it: then somebody has handed out what must stay at home.
  if (/PRIVATE KEY/.test(text))
    throw new UsageError(`${place}: this is a private key; give its public half: ${publicLine}`);
  return unfolded(text).match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
}

function readKey(pem: string, place: string, kind: 'private' | 'public', read: (pem: string) => KeyObject): KeyObject {
  const line = kind === 'private' ? 'openssl genpkey -algorithm ed25519 -out service.pem' : publicLine;
  let key: KeyObject;
  try {
    key = read(unfolded(pem));
  } catch {
    throw new UsageError(`${place} holds no ${kind} key in PEM form; ${line} makes one`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UsageError(`${place} holds a key of type "${key.asymmetricKeyType}", not Ed25519; ${line} makes one`);
}

const publicLine = 'openssl pkey -in service.pem -pubout -out service.pub.pem';
