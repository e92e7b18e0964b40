import type { Model, Operation } from '../../model/types.js';
import { lookUp } from '../../schema/look-up.js';
import type { Documents } from '../../schema/ref.js';
import { escapeToken } from '../../schema/ref.js';
import type { Revisions } from '../rule.js';
import type { Called } from './callers.js';

/** What one way of being let in asks for: schemes, and their scopes as `scheme:scope`. */
export type Credentials = ReadonlySet<string>;

/**
 * The ways in which a client may be let in, one of which is enough. A way that asks for nothing means that the operation is open, and so does an empty list.
 */
export function securityAlternatives(documents: Documents, operation: Operation): readonly Credentials[] {
  const file = operation.document;
  const { path, method } = operation.definition;
  const place = lookUp(documents, { file, pointer: `/paths/${escapeToken(path)}/${method}` })?.value;
  const said = memberOf(place, 'security') ?? memberOf(documents.get(file), 'security');
  // A path of another file: its list is read without the scopes.
  if (place === undefined) return (operation.definition.security ?? []).map((name) => new Set([name]));
  return (Array.isArray(said) ? said : []).map(credentialsOf);
}

/** Whether everybody who was let in still is. */
export function letsIn(before: readonly Credentials[], after: readonly Credentials[]): boolean {
  const ways = before.length === 0 ? [new Set<string>()] : before;
  return (
    after.length === 0 || ways.every((old) => after.some((way) => [...way].every((credential) => old.has(credential))))
  );
}

/** The ways into an operation before and after. */
export function waysOf(
  { before, after }: Called,
  revisions: Revisions,
): readonly [readonly Credentials[], readonly Credentials[]] {
  const ways = (model: Model, operation: Operation | undefined): readonly Credentials[] =>
    operation === undefined ? [] : securityAlternatives(model.documents, operation);
  return [ways(revisions.before, before), ways(revisions.after, after)];
}

function credentialsOf(way: unknown): Credentials {
  if (typeof way !== 'object' || way === null) return new Set();
  return new Set(
    Object.entries(way).flatMap(([scheme, scopes]) => [
      scheme,
      ...(Array.isArray(scopes) ? scopes.map((scope) => `${scheme}:${scope}`) : []),
    ]),
  );
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
