import type { Planted } from './big-openapi.js';

type Json = Record<string, unknown>;

interface Schema {
  description: string;
  required: string[];
  properties: Record<string, Json>;
}

export interface BigAsyncApi {
  readonly channels: Record<string, Json>;
  readonly operations: Record<string, Json>;
  readonly components: { readonly messages: Record<string, Json>; readonly schemas: Record<string, Schema> };
}

export type PlantedAsync = Omit<Planted, 'change'> & {
  readonly change: (document: BigAsyncApi, channel: number) => void;
};

/** An AsyncAPI 3 document of one service and that many channels: it sends on those with an even number and receives on the others. */
export function bigAsyncApi(channels: number): BigAsyncApi {
  const numbers = Array.from({ length: channels }, (_, index) => index);
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Big', version: '1.0.0' },
    'x-service': 'shop',
    channels: Object.fromEntries(
      numbers.map((n) => [
        `topic${n}`,
        { address: `shop.topic.${n}`, messages: { [`Told${n}`]: reference('messages', n) } },
      ]),
    ),
    operations: Object.fromEntries(
      numbers.map((n) => [
        `on${n}`,
        { action: n % 2 === 0 ? 'send' : 'receive', channel: { $ref: `#/channels/topic${n}` } },
      ]),
    ),
    components: {
      messages: Object.fromEntries(numbers.map((n) => [`Told${n}`, { payload: reference('schemas', n) }])),
      schemas: Object.fromEntries(numbers.map((n) => [`Told${n}`, payload(n)])),
    },
  };
  return document as unknown as BigAsyncApi;
}

/** Twenty changes: three of the structure, five of what is sent, three of what is received that hit somebody, and nine that hit nobody. */
export function plantedAsyncApi(): readonly PlantedAsync[] {
  const message = (n: number): string => `message:Told${n}`;
  const schema = ({ components }: BigAsyncApi, n: number): Schema => known(components.schemas[`Told${n}`]);
  const part = (document: BigAsyncApi, n: number, name: string): Json => known(schema(document, n).properties[name]);
  const values = (document: BigAsyncApi, n: number): string[] => part(document, n, 'status').enum as string[];
  const add = (document: BigAsyncApi, n: number) =>
    Object.assign(schema(document, n).properties, { extra: { type: 'string' } });
  type Row = readonly ['sent' | 'received', (n: number) => string, string | undefined, PlantedAsync['change']];
  const rows: readonly Row[] = [
    [
      'sent',
      message,
      'message-channel-changed',
      ({ channels, operations }, n) => {
        Reflect.deleteProperty(channels, `topic${n}`);
        Reflect.deleteProperty(operations, `on${n}`);
      },
    ],
    [
      'sent',
      (n) => `channel:topic${n}`,
      'channel-address-changed',
      ({ channels }, n) => Object.assign(known(channels[`topic${n}`]), { address: 'elsewhere' }),
    ],
    [
      'received',
      (n) => `channel:topic${n}`,
      'channel-address-changed',
      ({ channels }, n) => Object.assign(known(channels[`topic${n}`]), { address: 'somewhere' }),
    ],
    ['sent', message, 'enum-value-added', (document, n) => values(document, n).push('lost')],
    ['sent', message, 'required-removed', (document, n) => schema(document, n).required.pop()],
    ['sent', message, 'type-changed', (document, n) => Object.assign(part(document, n, 'weight'), { type: 'string' })],
    ['sent', message, 'range-widened', (document, n) => Object.assign(part(document, n, 'score'), { maximum: 200 })],
    [
      'sent',
      message,
      'nullable-added',
      (document, n) => Object.assign(part(document, n, 'name'), { type: ['string', 'null'] }),
    ],
    ['received', message, 'required-added', (document, n) => schema(document, n).required.push('weight')],
    ['received', message, 'enum-value-removed', (document, n) => values(document, n).pop()],
    [
      'received',
      message,
      'length-narrowed',
      (document, n) => Object.assign(part(document, n, 'name'), { maxLength: 50 }),
    ],
    ['sent', message, undefined, add],
    ['received', message, undefined, add],
    ['sent', message, undefined, (document, n) => values(document, n).pop()],
    ['received', message, undefined, (document, n) => values(document, n).push('lost')],
    ['sent', message, undefined, (document, n) => Object.assign(part(document, n, 'score'), { maximum: 50 })],
    ['received', message, undefined, (document, n) => Object.assign(part(document, n, 'score'), { maximum: 200 })],
    ['received', message, undefined, (document, n) => schema(document, n).required.pop()],
    ['sent', message, undefined, (document, n) => schema(document, n).required.push('weight')],
    [
      'sent',
      message,
      undefined,
      (document, n) => Object.assign(schema(document, n), { description: 'Told otherwise.' }),
    ],
  ];
  return rows.map(([side, subject, rule, change], index) => {
    const path = 4 + index * 14 + (side === 'sent' ? 0 : 1);
    return { path, subject: subject(path), change, ...(rule === undefined ? {} : { rule }) };
  });
}

function payload(n: number): Schema {
  return Object.assign(
    { type: 'object' },
    {
      description: `What is told of ${n}.`,
      required: ['id', 'status', 'name'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        status: { type: 'string', enum: ['new', 'paid', 'sent'] },
        name: { type: 'string', maxLength: 200 },
        weight: { type: 'number', minimum: 0 },
        score: { type: 'integer', minimum: 0, maximum: 100 },
      },
    },
  );
}

function reference(kind: 'messages' | 'schemas', n: number): Json {
  return { $ref: `#/components/${kind}/Told${n}` };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the document has fewer channels than changes');
  return value;
}
