import type { StubOperation } from '../stub/provider.js';

/** Ids of things that a service has told of, by the path parameter that they are asked for with. */
export interface KnownIds {
  /** Takes the ids out of what an operation that creates or lists has answered. */
  learn(operation: StubOperation, answer: { readonly status: number; readonly body: unknown }): void;
  /** One for a path parameter; undefined when nothing is known. */
  of(parameter: string): unknown;
}

export function knownIds(): KnownIds {
  const ids = new Map<string, unknown>();
  return {
    learn({ role }, { status, body }) {
      if (role === undefined || status >= 300 || (role.kind !== 'create' && role.kind !== 'list')) return;
      const found = idIn(firstThing(body), role.parameter);
      if (found !== undefined && (role.kind === 'create' || !ids.has(role.parameter))) ids.set(role.parameter, found);
    },
    of: (parameter) => ids.get(parameter),
  };
}

/** The thing itself, or the first one of a list, whatever it is wrapped in. */
function firstThing(body: unknown): unknown {
  if (Array.isArray(body)) return body[0];
  if (!isObject(body)) return undefined;
  const list = Object.values(body).find(Array.isArray);
  if (list !== undefined && !Object.keys(body).some((name) => /^id$|Id$/.test(name))) return list[0];
  return body;
}

/** `userId` is asked for with what a user calls `userId` or `id`. */
function idIn(thing: unknown, parameter: string): unknown {
  if (!isObject(thing)) return undefined;
  const name = [parameter, 'id'].find((one) => ['string', 'number'].includes(typeof thing[one]));
  if (name !== undefined) return thing[name];
  const inner = Object.values(thing).find(
    (value) => isObject(value) && ['string', 'number'].includes(typeof value['id']),
  );
  return isObject(inner) ? inner['id'] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
