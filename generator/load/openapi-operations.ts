import type { HttpBody, HttpOperation, HttpParameter, HttpResponse } from './documents.js';
import { child, children, flagAt, isMapping, mappingAt, type Place, positionOf, schemaRefOf, textAt } from './place.js';
import type { References } from './references.js';
import { securityNames } from './security.js';

export const METHODS: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Every operation under `paths`, in file order. Parameters of the path apply to each of its operations unless redefined. */
export function readOperations(root: Place, references: References): readonly HttpOperation[] {
  const paths = child(root, 'paths');
  if (paths === undefined) return [];
  const taken = new Set<string>();
  const operations: HttpOperation[] = [];
  for (const [path, mention] of children(paths)) {
    const item = references.follow(mention);
    if (item === undefined || !path.startsWith('/')) continue;
    for (const [method, mentioned] of children(item)) {
      if (!METHODS.includes(method)) continue;
      const operation = references.follow(mentioned);
      if (operation !== undefined && isMapping(operation.value))
        operations.push(readOperation({ root, references, path, method, item, operation, taken }));
    }
  }
  return operations;
}

interface Reading {
  readonly root: Place;
  readonly references: References;
  readonly path: string;
  readonly method: string;
  readonly item: Place;
  readonly operation: Place;
  readonly taken: Set<string>;
}

function readOperation(reading: Reading): HttpOperation {
  const { root, references, path, method, item, operation, taken } = reading;
  const given = textAt(operation, 'operationId');
  const id = given ?? uniqueId(idFor(method, path), taken);
  taken.add(id);
  const summary = textAt(operation, 'summary');
  const body = references.step(operation, 'requestBody');
  const security = child(operation, 'security') ?? child(root, 'security');
  const tags = mappingAt(operation).tags;
  return {
    id,
    idGiven: given !== undefined,
    method,
    path,
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    deprecated: flagAt(operation, 'deprecated'),
    parameters: readParameters(item, operation, references),
    responses: readResponses(operation, references),
    extensions: Object.fromEntries(Object.entries(mappingAt(operation)).filter(([key]) => key.startsWith('x-'))),
    at: positionOf(operation),
    ...(summary !== undefined && { summary }),
    ...(body !== undefined && {
      requestBody: { required: flagAt(body, 'required'), bodies: readBodies(body, references) },
    }),
    ...(security !== undefined && { security: securityNames(security) }),
  };
}

function readParameters(item: Place, operation: Place, references: References): readonly HttpParameter[] {
  const byName = new Map<string, HttpParameter>();
  for (const owner of [item, operation]) {
    const list = child(owner, 'parameters');
    for (const [, mention] of list === undefined ? [] : children(list)) {
      const place = references.follow(mention);
      const name = textAt(place, 'name');
      const where = textAt(place, 'in');
      if (place === undefined || name === undefined || !isParameterPlace(where)) continue;
      const schema = schemaOf(place, references);
      const style = textAt(place, 'style');
      const explode = mappingAt(place).explode;
      byName.set(`${where} ${name}`, {
        name,
        in: where,
        required: where === 'path' || flagAt(place, 'required'),
        at: mention.source.at(mention.path),
        ...(schema !== undefined && { schema }),
        ...(style !== undefined && { style }),
        ...(typeof explode === 'boolean' && { explode }),
      });
    }
  }
  return [...byName.values()];
}

function isParameterPlace(text: string | undefined): text is HttpParameter['in'] {
  return text === 'path' || text === 'query' || text === 'header' || text === 'cookie';
}

function readResponses(operation: Place, references: References): readonly HttpResponse[] {
  const responses = child(operation, 'responses');
  return (responses === undefined ? [] : children(responses))
    .filter(([status]) => !status.startsWith('x-'))
    .map(([status, mention]) => {
      const response = references.follow(mention) ?? mention;
      const description = textAt(response, 'description');
      const headers = child(response, 'headers');
      return {
        status,
        bodies: readBodies(response, references),
        headers: (headers === undefined ? [] : children(headers)).map(([name, header]) => {
          const place = references.follow(header) ?? header;
          const schema = schemaOf(place, references);
          return { name, required: flagAt(place, 'required'), ...(schema !== undefined && { schema }) };
        }),
        at: positionOf(mention),
        ...(description !== undefined && { description }),
      };
    });
}

function readBodies(owner: Place, references: References): readonly HttpBody[] {
  const content = child(owner, 'content');
  return (content === undefined ? [] : children(content)).map(([contentType, mention]) => {
    const media = references.follow(mention) ?? mention;
    const place = references.followBare(child(media, 'schema'));
    return {
      contentType,
      ...examplesOf(media, references),
      ...(place !== undefined && { schema: schemaRefOf(place) }),
    };
  });
}

/** A parameter or header has a `schema`, or a single media type with one. */
function schemaOf(place: Place, references: References) {
  const content = child(place, 'content');
  const media = content === undefined ? undefined : references.follow(children(content)[0]?.[1]);
  const schema = references.followBare(child(place, 'schema') ?? (media && child(media, 'schema')));
  return schema && schemaRefOf(schema);
}

function examplesOf(media: Place, references: References): Pick<HttpBody, 'examples' | 'exampleNames'> {
  const single = child(media, 'example');
  const named = child(media, 'examples');
  const found = (named === undefined ? [] : children(named)).flatMap(([name, mention]) => {
    const example = references.follow(mention)?.value;
    return isMapping(example) && 'value' in example ? [{ name, value: example.value }] : [];
  });
  const all = single === undefined ? found : [{ name: '', value: single.value }, ...found];
  return { examples: all.map(({ value }) => value), exampleNames: all.map(({ name }) => name) };
}

/** `getUsersByUserId` style ids confuse more than they tell: `get /users/{userId}` is `getUsersUserId`. */
function idFor(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method + words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('');
}

function uniqueId(id: string, taken: ReadonlySet<string>): string {
  let candidate = id;
  for (let next = 2; taken.has(candidate); next++) candidate = `${id}${next}`;
  return candidate;
}
