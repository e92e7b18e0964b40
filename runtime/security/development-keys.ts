import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { SecurityOptions } from './security.js';

/**
 * `security` options for tests and demos: each of `services` signs with a key that everybody can compute from its name, and all of them trust each other. They
 * prove nothing: never for production.
 */
export function developmentKeys<Name extends string>(
  ...services: readonly Name[]
): Readonly<Record<Name, SecurityOptions>> {
  const keys = services.map((service) => [service, keyPair(service)] as const);
  const trustedKeys = Object.fromEntries(keys.map(([service, { publicKey }]) => [service, publicKey]));
  return Object.fromEntries(
    keys.map(([service, { signingKey }]) => [service, { signingKey, trustedKeys }]),
  ) as unknown as Record<Name, SecurityOptions>;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 section 7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyPair(service: string): { readonly signingKey: string; readonly publicKey: string } {
  const seed = createHash('sha256').update(`seamwright development key of ${service}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return {
    signingKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
