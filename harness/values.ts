import type { Entity, Message, Model } from '../generator/model/types.js';
import { compileNode } from '../generator/schema/ajv.js';
import { exampleOf } from '../generator/schema/example.js';
import type { Dialect, SchemaGraph } from '../generator/schema/node.js';
import { normalise } from '../generator/schema/normalise.js';
import type { OwnedDefinition } from '../runtime/definition.js';
import { composeBody } from '../runtime/envelope-mapping.js';
import { entityId, uuidOf } from './plan.js';

/** Valid states and messages, made from the contracts' schemas. Same arguments, same value. */
export interface Values {
  /** State of an owned entity that its contract's `publish_when` lets out, alive. `set` is put over it by dotted path. */
  state(entity: string, key: string, seed: number, set?: Readonly<Record<string, unknown>>): object;
  /** Payload of a message. `refers`: plan keys of the entities that its references name, by entity. */
  payload(
    message: string,
    seed: number,
    refers?: Readonly<Record<string, string>>,
    set?: Readonly<Record<string, unknown>>,
  ): unknown;
}

/** A contract whose messages cannot be made up: the sentence says which and why. */
export class NoValueError extends Error {}

const variantsMax = 60;

/** `prefer` tells which of several valid states are useful: those that consumers take. */
export function createValues(
  model: Model,
  owned: (entity: string) => OwnedDefinition | undefined,
  prefer: (message: string, payload: unknown) => boolean,
): Values {
  const made = new Map<string, unknown>();
  const catalogue = catalogueOf(model);

  function example(message: string, seed: number): unknown {
    const known = `${message}/${seed}`;
    if (!made.has(known)) made.set(known, catalogue(message, seed));
    return structuredClone(made.get(known));
  }

  /** The `seed`-th of the payloads that `fits` lets through; the same for equal seeds, in a small number of variants. */
  function fitting(message: string, seed: number, fits: (payload: unknown) => boolean): unknown {
    const known = `${message}/${seed}/fitting`;
    if (!made.has(known)) {
      const drawn = Array.from(
        { length: variantsMax },
        (_, index) => () => example(message, seed * variantsMax + index),
      );
      const found = drawn.map((draw) => draw()).find(fits) ?? example(message, seed * variantsMax);
      made.set(known, found);
    }
    return structuredClone(made.get(known));
  }

  return {
    state(name, key, seed, set = {}) {
      const entity = model.entities.get(name);
      const definition = owned(name);
      if (entity?.event === undefined || definition === undefined)
        throw new NoValueError(`nobody tells changes of "${name}"`);
      const id = entityId(name, key);
      const complete = (payload: unknown): Record<string, unknown> => {
        const state = objectAt(payload, entity.payload);
        write(state, entity.key, id);
        if (definition.softDelete !== undefined) state[definition.softDelete.field] = false;
        referTo(entity, state, key);
        return state;
      };
      const told = (state: object): unknown =>
        composeBody(definition.message.envelope, state, {
          id: uuidOf(key),
          time: '2026-01-01T00:00:00.000000Z',
          op: 'updated',
          force: false,
        });
      const payload = fitting(entity.event, seed, (candidate) => {
        const message = told(complete(structuredClone(candidate)));
        if (definition.publishWhen?.(message, null) === false) return false;
        return prefer(definition.message.name, message);
      });
      const state = complete(payload);
      for (const [path, value] of Object.entries(set)) write(state, path, value);
      return state;
    },
    payload(message, seed, refers = {}, set = {}) {
      const payload = fitting(message, seed, (candidate) => prefer(message, candidate));
      if (isObject(payload)) {
        unique(payload, `${message}/${seed}`);
        for (const [path, entity] of referencesOf(model, message)) {
          const key = refers[entity];
          if (key !== undefined) write(payload, path, entityId(entity, key));
        }
        for (const [path, value] of Object.entries(set)) write(payload, path, value);
      }
      return payload;
    },
  };
}

/** Schemas of all payloads, each compiled when it is first asked for. */
function catalogueOf(model: Model): (message: string, seed: number) => unknown {
  let graph: SchemaGraph | undefined;
  const checks = new Map<string, ReturnType<typeof compileNode>>();
  const all = (): SchemaGraph => {
    graph ??= normalise(
      model.documents,
      [...model.messages.values()].flatMap((message) => rootOf(message)),
      { reading: 'contract' },
    );
    return graph;
  };
  return (name, seed) => {
    const node = all().roots.get(name);
    if (node === undefined) throw new NoValueError(`the contract gives "${name}" no payload`);
    const check = checks.get(name) ?? compileNode(all(), node);
    checks.set(name, check);
    const example = exampleOf(all(), node, { seed, check });
    if (!example.ok) throw new NoValueError(`no example of "${name}" could be made: ${example.reason}`);
    return example.value;
  };
}

function rootOf(
  message: Message,
): readonly { key: string; name: string; ref: NonNullable<Message['definition']['payload']>; dialect: Dialect }[] {
  const { payload } = message.definition;
  return payload === undefined ? [] : [{ key: message.name, name: message.name, ref: payload, dialect: 'asyncapi' }];
}

/** Ids of a fact must differ from message to message, or one would count as the repetition of another. */
function unique(payload: Record<string, unknown>, from: string): void {
  for (const [name, value] of Object.entries(payload)) {
    if (/^(id|.*Id)$/.test(name) && typeof value === 'string' && isUuid(value))
      payload[name] = uuidOf(`${from}/${name}`);
  }
}

/** References of an entity's state are made to name the entity of the same plan key, so that a plan can say which comes first. */
function referTo(entity: Entity, state: Record<string, unknown>, key: string): void {
  for (const consumer of entity.consumers) {
    for (const { by, entity: other, optional } of consumer.waits) {
      if (!optional) write(state, by, entityId(other, referredKey(key, other)));
      // One that may be missing is left out, unless the plan sets it.
      else if (isObject(state) && !by.includes('.')) delete state[by];
    }
  }
}

/** Plan key of the entity that the entity `key` refers to: `e1` belongs to the company `e1.Company`. */
export function referredKey(key: string, entity: string): string {
  return `${key}.${entity}`;
}

/** Paths of a message's references, each with its entity, as its consumers wait for them. */
function referencesOf(model: Model, message: string): readonly (readonly [string, string])[] {
  return [...model.events.values()]
    .filter((event) => event.message === message)
    .flatMap((event) =>
      event.consumers.flatMap((consumer) => consumer.waits.map(({ by, entity }) => [by, entity] as const)),
    );
}

function objectAt(payload: unknown, path: string): Record<string, unknown> {
  const found = path === '' ? payload : read(payload, path);
  if (!isObject(found)) throw new NoValueError(`the entity is no object${path === '' ? '' : ` at "${path}"`}`);
  return found;
}

function read(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** Writes into an object, making the objects on the way. */
function write(into: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let target = into;
  for (const name of names) {
    const inner = target[name];
    const next: Record<string, unknown> = isObject(inner) ? inner : {};
    target[name] = next;
    target = next;
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
