/** A message on the wire: an item of about 500 bytes of JSON with its version in the headers. */
export interface BenchMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const text = 'A sturdy thing for every day, made of wood and steel, tested by many hands and returned by few. ';

/** `count` changes of `keys` entities, versions ascending per key and keys in turn; every tenth change of a key comes before the one it follows. */
export function* itemMessages(count: number, keys: number, message = 'ItemChanged'): Generator<BenchMessage> {
  for (let index = 0; index < count; index++) {
    const key = index % keys;
    const round = Math.floor(index / keys);
    // Swaps neighbours: 1 0 2 3 … as a retry would.
    const sequence = round % 10 === 0 ? round + 2 : round % 10 === 1 ? round : round + 1;
    yield itemMessage(`item-${key}`, sequence, message);
  }
}

export function itemMessage(id: string, sequence: number, message = 'ItemChanged'): BenchMessage {
  const item = {
    id,
    sku: `SKU-${id}`,
    name: `Thing number ${id}`,
    description: text.repeat(2).slice(0, 170),
    price: 1_000 + sequence,
    currency: 'EUR',
    quantity: sequence,
    warehouse: 'north',
    supplier: 'supplier-17',
    weight: 1.25,
    active: true,
    tags: ['new', 'wood', 'steel'],
    updatedAt: '2026-01-01T00:00:00.000000Z',
  };
  return wire(message, id, sequence, item);
}

export function reviewMessage(id: string, itemId: string): BenchMessage {
  return wire('ReviewChanged', id, 1, { id, itemId, text: 'good' });
}

function wire(type: string, subject: string, sequence: number, data: unknown): BenchMessage {
  return {
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': `${type}-${subject}-${sequence}`,
      'ce-source': 'catalog',
      'ce-type': type,
      'ce-time': '2026-01-01T00:00:00Z',
      'ce-subject': subject,
      'ce-sequence': String(sequence),
      'ce-epoch': '1',
      'ce-op': 'updated',
      'ce-carries': 'state',
      'ce-correlationid': `${subject}-${sequence}`,
    },
    body: encoder.encode(JSON.stringify(data)),
  };
}
