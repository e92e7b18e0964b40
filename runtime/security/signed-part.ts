import { createHash } from 'node:crypto';
import type { WireMessage } from '../envelope.js';
import { attributeNames } from '../wire.js';

/**
 * Headers that a signature covers: every attribute that somebody acts on. Not the trace, which brokers and meshes may rewrite; not `content-type`, since a body is
 * read as JSON or not at all; nor what a dead letter gains on its way.
 */
const covered: readonly string[] = [
  'ce-specversion',
  ...attributeNames.filter((name) => name !== 'traceparent').map((name) => `ce-${name}`),
].sort();

/** Headers that are read of a signed message although nobody has signed them. */
const harmless: readonly string[] = ['content-type', 'ce-traceparent'];

/** What is signed: the covered headers by name, absent ones left out, and the hash of the body. JSON, so that no value can pass for two. */
export function signedBytes({ headers, body }: WireMessage): Uint8Array {
  const told = covered.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  const hash = createHash('sha256').update(body).digest('base64');
  return new TextEncoder().encode(JSON.stringify(['seamwright signature 1', told, hash]));
}

/**
 * The message as far as its signature speaks for it: other headers are gone, those of a contract's own names among them, which could otherwise fill in an
 * attribute that the sender left out.
 */
export function signedPart({ headers, body }: WireMessage): WireMessage {
  const kept = Object.entries(headers).filter(([name]) => covered.includes(name) || harmless.includes(name));
  return { headers: Object.fromEntries(kept), body };
}
