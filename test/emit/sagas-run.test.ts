import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';
import { memoryBroker, memoryStore } from '../../runtime/index.js';
import type { JobControl, JobReport } from '../../runtime/jobs/definition.js';
import type { SagaControl, SagaOutcome } from '../../runtime/saga/definition.js';

// The golden case is not only compiled but run: what the generator writes and what the runtime reads must mean the same.
const here = dirname(fileURLToPath(import.meta.url));
const contracts = join(here, '../cases/emit/08-commands-jobs-sagas');
// Inside the project, so that the generated code finds the runtime by its name.
const output = join(here, `../../.seamwright/test-sagas-${process.pid}`);

interface Started {
  readonly orderId: string;
  readonly cardId: string;
  readonly idempotencyKey: string;
}
interface Context {
  readonly event: Readonly<Record<string, unknown>>;
  readonly item: { readonly orderId: string };
  readonly key: string;
  readonly input: Started;
  readonly steps: Readonly<Record<string, unknown>>;
  readonly with: Readonly<Record<string, unknown>>;
  readonly tx: Tx;
}
type Told = (message: object, options?: object) => Promise<unknown>;
interface Tx {
  readonly publish: Readonly<Record<string, Told>>;
  readonly send: Readonly<Record<string, Told>>;
  readonly sagas: { readonly placeOrder: { start(input: Started): Promise<unknown> } };
}
interface Orders {
  start(): Promise<void>;
  stop(): Promise<void>;
  settled(): Promise<void>;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  readonly jobs: { readonly remindCustomers: JobControl };
  readonly sagas: { readonly placeOrder: SagaControl<Started> };
}

const seen: string[] = [];
const charges: { readonly path: string; readonly key: string; readonly body: string }[] = [];
const services: Pick<Orders, 'start' | 'stop' | 'settled'>[] = [];
let orders: Orders;
let bank: Server;

beforeAll(async () => {
  const generated = await generateFiles(contracts, { cwd: contracts, env: {}, today: '2026-01-01' });
  for (const { base, path, content } of generated.files ?? []) {
    if (base !== 'output') continue;
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), content);
  }
  bank = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      charges.push({ path: `${request.method} ${request.url}`, key: String(request.headers['idempotency-key']), body });
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"ch1"}');
    });
  });
  await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
  await startServices(`http://127.0.0.1:${(bank.address() as AddressInfo).port}`);
});

async function startServices(bankUrl: string): Promise<void> {
  const broker = memoryBroker();
  const parts = () => ({ broker, store: memoryStore() });
  const [{ createOrders }, { createStock }, { createMail }] = await Promise.all(
    ['orders', 'stock', 'mail'].map((name) => import(join(output, `${name}/service.gen.ts`))),
  );
  const order = { sku: 's1', quantity: 2, total: 900 };
  orders = createOrders({
    ...parts(),
    urls: { bank: bankUrl },
    handlers: { onReminderSent: async ({ event }: Context) => void seen.push(`reminded ${event.orderId}`) },
    jobs: {
      remindCustomers: {
        items: () => [{ orderId: 'r1' }, { orderId: 'r2' }],
        key: ({ orderId }: Context['item']) => orderId,
        each: async ({ item, tx }: Context) =>
          void (await tx.send.SendReminderCommand?.({ orderId: item.orderId }, { delayMs: 0 })),
      },
    },
    sagas: {
      placeOrder: {
        loadOrder: async ({ input }: Context) => ({ order: { ...order, orderId: input.orderId }, urgent: false }),
        confirmOrder: async ({ input, with: given }: Context) => {
          seen.push(`confirmed ${input.orderId} with ${given.chargeId}`);
          return { total: order.total };
        },
        rememberCustomer: async () => Promise.reject(new Error('no memory')),
      },
      agreePricePrice: {
        agreePrice: async () => ({ price: 5 }),
        forgetPrice: async ({ input }: Context) => void seen.push(`forgot the price of ${input.orderId}`),
      },
    },
  });
  const stock = createStock({
    ...parts(),
    handlers: {
      onReserveStock: async ({ event, tx }: Context) => {
        const answer = event.orderId === 'short' ? 'StockShort' : 'StockReserved';
        await tx.publish[answer]?.({ orderId: event.orderId });
      },
      onReleaseStock: async ({ event }: Context) => void seen.push(`released ${event.orderId}`),
      onPriceRefused: async () => undefined,
    },
    jobs: { countStock: async () => undefined },
    sagas: { agreePriceLabel: { printLabel: async ({ input }: Context) => void seen.push(`label ${input.orderId}`) } },
  });
  const mail = createMail({
    ...parts(),
    handlers: {
      onSendReminder: async ({ event }: Context) => ({ orderId: event.orderId, sentAt: '2026-01-01T00:00:00Z' }),
    },
  });
  services.push(orders, stock, mail);
  for (const service of services) await service.start();
}

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  bank?.close();
  rmSync(output, { recursive: true, force: true });
});

async function place(orderId: string): Promise<SagaOutcome | undefined> {
  await orders.transaction((tx) => tx.sagas.placeOrder.start({ orderId, cardId: 'card', idempotencyKey: 'k' }));
  return orders.sagas.placeOrder.outcome(orderId, { waitMs: 15_000 });
}

async function allSettled(): Promise<void> {
  for (let round = 0; round < 3; round++) for (const service of services) await service.settled();
}

describe('generated commands, jobs and sagas', () => {
  it('complete a saga: a call with its key, a command with its answer, a local pivot', async () => {
    expect(await place('o1')).toMatchObject({ id: 'o1', state: 'completed', steps: { charge: { chargeId: 'ch1' } } });
    expect(charges).toEqual([{ path: 'POST /charges', key: 'o1:charge', body: '{"amount":900,"cardId":"card"}' }]);
    expect(seen).toContain('confirmed o1 with ch1');
  });

  it('undo a saga in reverse order when a service says no', async () => {
    charges.length = 0;
    expect(await place('short')).toMatchObject({ state: 'compensated' });
    expect(charges.map(({ path }) => path)).toEqual(['POST /charges', 'POST /charges/ch1/refund']);
    expect(charges[1]?.body).toBe('{"reason":"order refused"}');
    expect(seen).not.toContain('confirmed short with ch1');
  });

  it('run a job over its items, whose commands are answered', async () => {
    const report: JobReport = await orders.jobs.remindCustomers.run();
    expect(report).toMatchObject({ state: 'done', succeeded: 2, failed: 0 });
    await allSettled();
    expect(seen.filter((line) => line.startsWith('reminded')).sort()).toEqual(['reminded r1', 'reminded r2']);
  });

  it('pass a saga that nobody leads from service to service, and undo it when a later one fails', async () => {
    const stock = services[1] as unknown as Orders;
    await stock.transaction(async (tx) => void (await tx.publish.GoodsCounted?.({ orderId: 'p1', quantity: 1 })));
    await allSettled();
    expect(seen).toContain('label p1');
    expect(seen).not.toContain('forgot the price of p1');
    await stock.transaction(async (tx) => void (await tx.publish.StockShort?.({ orderId: 'p1' })));
    await allSettled();
    expect(seen).toContain('forgot the price of p1');
  });
});
