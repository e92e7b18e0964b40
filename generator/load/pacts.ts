import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { PactUse } from './documents.js';
import { filesBelow } from './walk.js';

/**
 * Reads the Pact files that consumers have put into folders named `pacts` below the contracts. Those that were generated say what the contracts say and count for
 * nothing here. A file that is no Pact file is passed over: it is somebody else's.
 */
export function readPactUses(root: string): readonly PactUse[] {
  return filesBelow(root)
    .filter((file) => file.endsWith('.json') && basename(dirname(file)) === 'pacts')
    .flatMap((file) => usesIn(jsonOf(file)));
}

function usesIn(pact: unknown): readonly PactUse[] {
  const service = textAt(pact, 'consumer', 'name');
  const provider = textAt(pact, 'provider', 'name');
  if (service === undefined || provider === undefined) return [];
  const interactions = [...listAt(pact, 'interactions'), ...listAt(pact, 'messages')];
  return interactions.flatMap((interaction): readonly PactUse[] => {
    const method = textAt(interaction, 'request', 'method');
    const path = textAt(interaction, 'request', 'path');
    if (method !== undefined && path !== undefined) {
      const status = String(valueAt(interaction, 'response', 'status') ?? '200');
      const fields = fieldsOf(bodyAt(valueAt(interaction, 'response', 'body')));
      return [{ service, provider, of: { kind: 'response', method: method.toLowerCase(), path, status }, fields }];
    }
    const contents = bodyAt(valueAt(interaction, 'contents'));
    if (contents === undefined) return [];
    const metadata = valueAt(interaction, 'metadata') ?? valueAt(interaction, 'metaData');
    const words = `${textAt(interaction, 'description') ?? ''} ${JSON.stringify(metadata ?? {})}`;
    return [{ service, provider, of: { kind: 'message', words }, fields: fieldsOf(contents) }];
  });
}

/** Pact 4 wraps a body in `content`; older ones write it as it is. */
function bodyAt(body: unknown): unknown {
  return isObject(body) && 'content' in body && 'contentType' in body ? body.content : body;
}

function fieldsOf(body: unknown, path = ''): readonly string[] {
  if (Array.isArray(body)) return [...new Set(body.flatMap((item) => fieldsOf(item, path)))];
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return [own, ...fieldsOf(value, own)];
  });
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

function textAt(value: unknown, ...names: readonly string[]): string | undefined {
  const found = valueAt(value, ...names);
  return typeof found === 'string' ? found : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = valueAt(value, name);
  return Array.isArray(found) ? found : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
