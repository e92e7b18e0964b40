import type { Check } from '../../generator/schema/ajv.js';
import { exampleOf } from '../../generator/schema/example.js';
import { checkOf } from './checks.js';
import {
  type EntityPlace,
  entityIn,
  entityPlace,
  type Fields,
  fieldsIn,
  isFields,
  listPlace,
  withFields,
} from './entity.js';
import type { Memory } from './memory.js';
import type { StubContent, StubOperation } from './provider.js';
import type { Role } from './roles.js';
import { bodyOf, madeUp, seedOf } from './values.js';

/** One request to an operation that has a role, as far as the things of its collection matter. */
export interface Performed {
  readonly operation: StubOperation;
  readonly role: Role;
  readonly memory: Memory;
  /** Path as it was asked for, without the one before those of the contract. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: unknown;
  /** What the answer is written as; undefined when it has no body. */
  readonly content: StubContent | undefined;
  readonly seed: number;
}

/** What the answer says; `missing` when the thing was removed. */
export type Outcome =
  | { readonly kind: 'missing' }
  | { readonly kind: 'done'; readonly body: unknown; readonly location?: string };

/** Does to the remembered things what the operation is there for, and gives the body of the answer. */
export function perform(request: Performed): Outcome {
  switch (request.role.kind) {
    case 'create':
      return create(request);
    case 'list':
      return list(request);
    case 'remove':
      return remove(request);
    case 'read':
      return read(request);
    case 'replace':
    case 'change':
      return change(request);
  }
}

const SEEDS_MAX = 50;

function create(request: Performed): Outcome {
  const { memory, path, role } = request;
  const described = describe(request);
  const fields = fieldsIn(request.body, described?.place ?? { wrapper: undefined });
  for (let attempt = 0; ; attempt++) {
    const seed = attempt === 0 ? request.seed : seedOf(request.seed, attempt);
    const body = made(request, seed);
    const whole = described === undefined ? body : withFields(body, described.place, fields, described.check);
    const entity = described === undefined ? undefined : entityIn(whole, described.place);
    const { named, id } = idOf(request, described, entity, fields, seed);
    // An id of the caller's own stands; one that is made up must be new.
    if (!named && attempt < SEEDS_MAX && memory.find(path, id) !== undefined) continue;
    const answered = described === undefined ? whole : withId(whole, described, id);
    memory.keep(path, id, { ...fields, ...entityOf(answered, described), ...remembered(described, id, role) });
    return { kind: 'done', body: answered, location: `${path}/${encodeURIComponent(id)}` };
  }
}

function read(request: Performed): Outcome {
  const { collection, id } = itemOf(request);
  const thing = request.memory.find(collection, id);
  if (thing === 'removed') return { kind: 'missing' };
  return { kind: 'done', body: shown(request, id, thing ?? {}) };
}

function change(request: Performed): Outcome {
  const { collection, id } = itemOf(request);
  const before = request.memory.find(collection, id);
  if (before === 'removed' && request.role.kind === 'change') return { kind: 'missing' };
  const described = describe(request);
  const fields = fieldsIn(request.body, described?.place ?? { wrapper: undefined });
  const kept = request.role.kind === 'change' && isFields(before) ? before : identityOf(before, described);
  const after = { ...kept, ...fields };
  const body = shown(request, id, after);
  request.memory.keep(collection, id, { ...after, ...remembered(described, id, request.role) });
  return { kind: 'done', body };
}

function remove(request: Performed): Outcome {
  const { collection, id } = itemOf(request);
  const before = request.memory.find(collection, id);
  if (before === 'removed') return { kind: 'missing' };
  request.memory.remove(collection, id);
  return { kind: 'done', body: shown(request, id, before ?? {}) };
}

function list(request: Performed): Outcome {
  const { content, operation, memory, path } = request;
  const body = made(request, request.seed);
  const things = memory.list(path);
  const place = content?.id === undefined ? undefined : listPlace(operation.graph, content.id);
  if (things === undefined || place === undefined || content?.id === undefined) return { kind: 'done', body };
  const { graph } = operation;
  const check = checkOf(graph, place.items);
  const entity = entityPlace(graph, place.items, request.role.parameter);
  const items = things.flatMap((thing, index) => {
    const blank = exampleOf(graph, place.items, { seed: seedOf(request.seed, index), check });
    return blank.ok ? [withFields(blank.value, { ...entity, wrapper: undefined }, thing, check)] : [];
  });
  const listed = place.key === undefined ? items : { ...(isFields(body) ? body : {}), [place.key]: items };
  return { kind: 'done', body: checkOf(graph, content.id)(listed).length === 0 ? listed : body };
}

interface Described {
  readonly place: EntityPlace;
  readonly check: Check;
}

/** The thing in the answer; undefined when the answer has no JSON body with a schema. */
function describe({ operation, content, role }: Performed): Described | undefined {
  if (content?.id === undefined || content.definition.kind !== 'json') return undefined;
  return {
    place: entityPlace(operation.graph, content.id, role.parameter),
    check: checkOf(operation.graph, content.id),
  };
}

function made({ operation, content }: Performed, seed: number): unknown {
  return content === undefined ? undefined : bodyOf(operation, content, seed);
}

/** The answer about one thing: made up where nobody has said anything, with what is known of it. */
function shown(request: Performed, id: string, thing: Fields): unknown {
  const described = describe(request);
  const body = made(request, request.seed);
  return described === undefined
    ? body
    : withId(withFields(body, described.place, thing, described.check), described, id);
}

/** A path says ids as texts; the schema says what they are. */
function withId(body: unknown, { place, check }: Described, id: string): unknown {
  if (place.idKey === undefined || String(entityIn(body, place)?.[place.idKey]) === id) return body;
  for (const value of [id, Number(id)]) {
    const changed = withFields(body, place, { [place.idKey]: value }, check);
    if (entityIn(changed, place)?.[place.idKey] === value) return changed;
  }
  return body;
}

/** `named`: the caller has chosen it. */
function idOf(
  { operation, role, path }: Performed,
  described: Described | undefined,
  entity: Fields | undefined,
  fields: Fields,
  seed: number,
): { readonly named: boolean; readonly id: string } {
  const key = described?.place.idKey ?? Object.keys(fields).find((each) => each === role.parameter || each === 'id');
  if (key !== undefined) {
    const value = isId(fields[key]) ? fields[key] : entity?.[key];
    if (isId(value)) return { named: value === fields[key], id: String(value) };
    const schema = described?.place.idSchema;
    const made = schema === undefined ? undefined : exampleOf(operation.graph, schema, { seed });
    if (made?.ok === true && isId(made.value)) return { named: false, id: String(made.value) };
  }
  return { named: false, id: pathId(operation, role, path, seed) };
}

/** An id that the path of one thing can carry. */
function pathId(operation: StubOperation, { parameter }: Role, path: string, seed: number): string {
  const schema = operation.itemId;
  if (schema !== undefined) {
    const value = madeUp(operation.graph, schema, seed, `path parameter "${parameter}"`);
    if (isId(value)) return String(value);
  }
  return seedOf(path, seed).toString(36);
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function entityOf(body: unknown, described: Described | undefined): Fields {
  return described === undefined ? {} : (entityIn(body, described.place) ?? {});
}

/** An answer without a body has no place for the id; the thing has to keep it all the same. */
function remembered(described: Described | undefined, id: string, { parameter }: Role): Fields {
  return described?.place.idKey === undefined ? { [parameter]: id } : {};
}

function identityOf(before: Fields | 'removed' | undefined, described: Described | undefined): Fields {
  const key = described?.place.idKey;
  return key !== undefined && isFields(before) && before[key] !== undefined ? { [key]: before[key] } : {};
}

/** `/orders/7` is `7` of `/orders`. */
function itemOf({ path, parameters, role }: Performed): { readonly collection: string; readonly id: string } {
  return { collection: path.slice(0, path.lastIndexOf('/')), id: parameters.get(role.parameter) ?? '' };
}
