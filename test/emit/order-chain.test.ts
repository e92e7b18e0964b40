import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';

const root = join(import.meta.dirname, '../..');
let files: ReadonlyMap<string, string> = new Map();
let said: readonly string[] = [];

beforeAll(async () => {
  const made = await generateFiles(join(root, 'test/fixtures/order-chain'), {
    ...{ cwd: root, env: {}, today: '2026-01-01' },
  });
  files = new Map((made.files ?? []).map(({ path, content }) => [path, content]));
  said = made.findings.map(({ rule, message }) => `${rule}: ${message}`);
}, 60_000);

/** Payment, order, inventory and shipping over Kafka: commands and their answers, led by one saga. */
describe('a chain of orders on Kafka', () => {
  it('is taken as it is written', () => expect(said).toEqual([]));

  it('gives the money back, which was taken before the saga began, whatever fails', () => {
    const saga = files.get('order-service/sagas.gen.ts') ?? '';
    const rows = [...saga.matchAll(/state: '([^']+)', event: '([^']+)', next: '([^']+)'/g)];
    const next = (state: string, event: string) => rows.find(([, from, what]) => from === state && what === event)?.[3];
    expect(next('do:allocate', 'failed')).toBe('undo:confirm-order');
    expect(next('do:schedule-shipment', 'failed')).toBe('undo:allocate');
    expect(next('undo:allocate', 'undone')).toBe('undo:confirm-order');
    expect(next('undo:confirm-order', 'undone')).toBe('undo:payment');
    expect(next('undo:payment', 'undone')).toBe('compensated');
    expect(next('do:complete', 'failed')).not.toMatch(/^undo/);
  });

  it('has one queue for the commands of each receiver, and none of anybody else', () => {
    const { queues } = JSON.parse(files.get('topology/topology.json') ?? '{}') as {
      readonly queues: readonly {
        readonly name: string;
        readonly service: string;
        readonly bindings: readonly { readonly exchange: string; readonly key: string }[];
      }[];
    };
    const takers = (exchange: string) =>
      queues.filter(({ bindings }) => bindings.some((one) => one.exchange === exchange)).map(({ name }) => name);
    expect(takers('inventory.commands')).toEqual(['inventory-service.commands']);
    expect(takers('shipping.commands')).toEqual(['shipping-service.commands']);
    expect(takers('payments.commands')).toEqual(['payment-service.commands']);
    expect(takers('inventory.events').sort()).toEqual(['audit.events', 'order-service.events']);
  });
});
