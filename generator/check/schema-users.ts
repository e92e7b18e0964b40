import type { Model } from '../model/types.js';
import { resolverOf } from '../schema/look-up.js';
import type { Resolver, SchemaRef } from '../schema/ref.js';

/** Names of the services that send, receive, serve or call something whose payload reaches a schema, by `<file>#<pointer>` of the schema. */
export function schemaUsers(model: Model): ReadonlyMap<string, ReadonlySet<string>> {
  const resolver = resolverOf(model.documents);
  const users = new Map<string, Set<string>>();
  for (const [ref, services] of payloads(model)) {
    for (const schema of reached(resolver, ref)) {
      const known = users.get(schema) ?? new Set<string>();
      for (const service of services) known.add(service);
      users.set(schema, known);
    }
  }
  return users;
}

function* payloads(model: Model): Iterable<readonly [SchemaRef, readonly string[]]> {
  const travels = new Map<string, Set<string>>();
  for (const edge of model.edges) {
    const message =
      edge.kind === 'event'
        ? model.events.get(edge.subject)?.message
        : edge.kind === 'command'
          ? model.commands.get(edge.subject)?.message
          : edge.kind === 'sync'
            ? model.entities.get(edge.subject)?.event
            : undefined;
    if (message === undefined) continue;
    travels.set(message, (travels.get(message) ?? new Set<string>()).add(edge.from).add(edge.to));
  }
  for (const message of model.messages.values()) {
    const { payload } = message.definition;
    if (payload !== undefined) yield [payload, [...(travels.get(message.name) ?? [])]];
  }
  for (const operation of model.operations.values()) {
    const callers = model.http
      .filter((edge) => edge.to === operation.service && edge.operations.some((each) => each.id === operation.id))
      .map((edge) => edge.from);
    const bodies = [operation.definition.requestBody, ...operation.definition.responses].flatMap(
      (part) => part?.bodies ?? [],
    );
    for (const body of bodies) if (body.schema !== undefined) yield [body.schema, [operation.service, ...callers]];
  }
}

/** Every schema that a schema refers to, itself included. */
function reached(resolver: Resolver, root: SchemaRef): ReadonlySet<string> {
  const seen = new Set<string>();
  const pending: SchemaRef[] = [root];
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    const found = resolver.at(ref);
    if (!found.ok) continue;
    const identity = `${found.ref.file}#${found.ref.pointer}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    for (const [at, reference] of references(found.value, found.ref)) {
      const target = resolver.resolve(at, reference);
      if (target.ok) pending.push(target.ref);
    }
  }
  return seen;
}

/** All `$ref` texts below a value with the place where each is written. */
function* references(value: unknown, at: SchemaRef): Iterable<readonly [SchemaRef, string]> {
  if (typeof value !== 'object' || value === null) return;
  if ('$ref' in value && typeof value.$ref === 'string') yield [at, value.$ref];
  for (const inner of Object.values(value)) yield* references(inner, at);
}
