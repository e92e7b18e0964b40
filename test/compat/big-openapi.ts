type Json = Record<string, unknown>;

/** A change of one path of the document, what must be said of it, and of which operation. `rule` is absent where nobody is hit. */
export interface Planted {
  readonly path: number;
  readonly subject: string;
  readonly rule?: string;
  readonly change: (document: BigOpenApi, path: number) => void;
}

export interface BigOpenApi {
  readonly paths: Record<string, Record<'get' | 'post', Json>>;
  readonly components: { readonly schemas: Record<string, ObjectSchema> };
}

interface ObjectSchema {
  description: string;
  required: string[];
  properties: Record<string, Json>;
}

/** An OpenAPI 3.0 document of that many paths with two operations each: about 2.8 kB per path. */
export function bigOpenApi(paths: number): BigOpenApi {
  const numbers = Array.from({ length: paths }, (_, index) => index);
  const document = {
    openapi: '3.0.3',
    info: { title: 'Big', version: '1.0.0' },
    paths: Object.fromEntries(numbers.map((n) => [routeOf(n), { get: getOperation(n), post: postOperation(n) }])),
    components: {
      schemas: {
        Error: object('What went wrong.', ['code'], { code: { type: 'string' }, message: { type: 'string' } }),
        Money: object('An amount in minor units.', ['amount', 'currency'], {
          amount: { type: 'integer' },
          currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        }),
        ...Object.fromEntries(
          numbers.flatMap((n) => [
            [`Item${n}`, item(n)],
            [`NewItem${n}`, newItem(n)],
          ]),
        ),
      },
    },
  };
  return document as unknown as BigOpenApi;
}

/** Twenty changes on twenty paths: sixteen that hit somebody, four that hit nobody. `step` is how far the paths lie apart. */
export function plantedOpenApi(step = 14): readonly Planted[] {
  const get = (n: number): string => `operation:api.getItem${n}`;
  const post = (n: number): string => `operation:api.updateItem${n}`;
  const answer = (n: number): string => `${get(n)} response:200`;
  const read = ({ components }: BigOpenApi, n: number): ObjectSchema => known(components.schemas[`Item${n}`]);
  const sent = ({ components }: BigOpenApi, n: number): ObjectSchema => known(components.schemas[`NewItem${n}`]);
  const pathOf = ({ paths }: BigOpenApi, n: number) => known(paths[routeOf(n)]);
  const part = (schema: ObjectSchema, name: string): Json => known(schema.properties[name]);
  const parameters = (document: BigOpenApi, n: number): Json[] => pathOf(document, n).get.parameters as Json[];
  const all: readonly (readonly [(n: number) => string, string | undefined, Planted['change']])[] = [
    [post, 'operation-removed', (document, n) => Reflect.deleteProperty(pathOf(document, n), 'post')],
    [get, 'operation-removed', (document, n) => Reflect.deleteProperty(document.paths, routeOf(n))],
    [answer, 'property-removed', (document, n) => remove(read(document, n), 'total')],
    [answer, 'type-changed', (document, n) => Object.assign(part(read(document, n), 'weight'), { type: 'string' })],
    [answer, 'enum-value-added', (document, n) => (part(read(document, n), 'status').enum as string[]).push('lost')],
    [post, 'enum-value-removed', (document, n) => (part(sent(document, n), 'status').enum as string[]).pop()],
    [
      post,
      'required-added',
      (document, n) => {
        sent(document, n).properties.reason = { type: 'string' };
        sent(document, n).required.push('reason');
      },
    ],
    [post, 'length-narrowed', (document, n) => Object.assign(part(sent(document, n), 'name'), { maxLength: 50 })],
    [answer, 'range-widened', (document, n) => Object.assign(part(read(document, n), 'score'), { maximum: 200 })],
    [
      (n) => `${get(n)} parameter:query.expand`,
      'parameter-required',
      (document, n) => Object.assign(parameters(document, n)[1] ?? {}, { required: true }),
    ],
    [
      (n) => `${get(n)} parameter:header.x-tenant`,
      'parameter-required-added',
      (document, n) =>
        parameters(document, n).push({ name: 'X-Tenant', in: 'header', required: true, schema: { type: 'string' } }),
    ],
    [answer, 'required-removed', (document, n) => read(document, n).required.pop()],
    [
      post,
      'pattern-narrowed',
      (document, n) => {
        const address = part(sent(document, n), 'address').properties as Record<string, Json>;
        address.zip = { type: 'string', pattern: '^[0-9]{5}$' };
      },
    ],
    [
      (n) => `${post(n)} response:200`,
      'status-changed',
      (document, n) => {
        const responses = pathOf(document, n).post.responses as Json;
        responses['201'] = responses['200'];
        Reflect.deleteProperty(responses, '200');
      },
    ],
    [
      post,
      'request-body-required',
      (document, n) => Object.assign(pathOf(document, n).post.requestBody as Json, { required: true }),
    ],
    [answer, 'nullable-added', (document, n) => Object.assign(part(read(document, n), 'name'), { nullable: true })],
    [answer, undefined, (document, n) => Object.assign(read(document, n).properties, { colour: { type: 'string' } })],
    [post, undefined, (document, n) => Object.assign(sent(document, n).properties, { note: { type: 'string' } })],
    [post, undefined, (document, n) => (part(sent(document, n), 'status').enum as string[]).push('lost')],
    [answer, undefined, (document, n) => Object.assign(read(document, n), { description: 'Told otherwise.' })],
  ];
  return all.map(([subject, rule, change], index) => {
    const path = 3 + index * step;
    return { path, subject: subject(path), change, ...(rule === undefined ? {} : { rule }) };
  });
}

/** Plants the changes in a document of its own. */
export function changed(document: BigOpenApi, planted: readonly Planted[]): BigOpenApi {
  const copy = structuredClone(document);
  for (const { change, path } of planted) change(copy, path);
  return copy;
}

function routeOf(n: number): string {
  return `/items-${n}/{id}`;
}

function getOperation(n: number): Json {
  return {
    operationId: `getItem${n}`,
    summary: `Reads item ${n}.`,
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'expand', in: 'query', schema: { type: 'string', enum: ['lines', 'customer'] } },
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
    ],
    responses: {
      200: { description: 'The item.', content: content(`Item${n}`) },
      404: { description: 'There is none.', content: content('Error') },
    },
  };
}

function postOperation(n: number): Json {
  return {
    operationId: `updateItem${n}`,
    summary: `Changes item ${n}.`,
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
    requestBody: { required: false, content: content(`NewItem${n}`) },
    responses: {
      200: { description: 'What it is now.', content: content('Money') },
      400: { description: 'Something is wrong with it.', content: content('Error') },
    },
  };
}

function item(n: number): ObjectSchema {
  return object(`Item ${n} as it is read.`, ['id', 'status', 'total', 'name'], {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: ['new', 'paid', 'sent'] },
    total: { $ref: '#/components/schemas/Money' },
    name: { type: 'string', maxLength: 200 },
    weight: { type: 'number', minimum: 0 },
    score: { type: 'integer', minimum: 0, maximum: 100 },
    createdAt: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 20 },
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' }, count: { type: 'integer' } } },
    },
  });
}

function newItem(n: number): ObjectSchema {
  return object(`Item ${n} as it is sent.`, ['name'], {
    name: { type: 'string', minLength: 1, maxLength: 200 },
    status: { type: 'string', enum: ['new', 'paid', 'sent'] },
    price: { $ref: '#/components/schemas/Money' },
    address: {
      type: 'object',
      required: ['zip'],
      properties: { street: { type: 'string' }, zip: { type: 'string', pattern: '^[0-9]{4,6}$' } },
    },
  });
}

function object(description: string, required: string[], properties: Record<string, Json>): ObjectSchema {
  return Object.assign({ type: 'object' }, { description, required, properties });
}

function content(name: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function remove(schema: ObjectSchema, name: string): void {
  Reflect.deleteProperty(schema.properties, name);
  schema.required = schema.required.filter((each) => each !== name);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the document has fewer paths than changes');
  return value;
}
