import { randomUUID } from 'node:crypto';
import { type Broker, HttpStatusError, type Queue, type WireMessage } from 'seamwright/runtime';
import { createFrontendClients, type FrontendClients } from '#generated/dhanman/frontend/clients.gen.js';
import { createCommonApp } from '../services/dhanman/common/create.js';
import { seedCustomers } from '../services/dhanman/common/customers.js';
import { createNotificationApp } from '../services/dhanman/notification/create.js';
import { createPurchaseApp } from '../services/dhanman/purchase/create.js';
import { createSalesApp } from '../services/dhanman/sales/create.js';
import { NaiveLedger } from './naive-ledger.js';
import type { Outcome } from './outcome.js';
import { drained, quiet, type Stage, unlucky } from './stage.js';
import { bad, chapter, dim, good, say, table } from './telling.js';

const customer = {
  id: 'c0000000-0000-4000-8000-000000000001',
  name: 'Maple Residents',
  email: 'office@maple.example',
  phone: null,
  balance: 0,
  currency: 'USD',
};
const invoices = [12_500, 990, 70_000];

/** Invoices and purchase orders over HTTP, their events delivered twice and with lost acknowledgements, to hand-written handlers behind generated consumers. */
export async function playDhanman(stage: Stage): Promise<Outcome> {
  chapter('Dhanman: sales calls common, its events reach the ledger and the mails');
  say(
    dim(
      'Every event is delivered twice, and the first acknowledgement of each is lost: the consumer died before it could say that it was done.',
    ),
  );
  const client = async (): Promise<Broker> => unlucky(await stage.broker(), { copiesAfterMs: [15], dies: hardLuck() });
  const naive = await naiveLedger(await stage.broker(), await client());
  const common = createCommonApp({ broker: await client(), store: await stage.store('common') });
  await common.start();
  await common.service.transaction((tx) => seedCustomers(tx, [customer]));
  const sales = createSalesApp({
    broker: await client(),
    store: await stage.store('sales'),
    urls: { common: common.url },
  });
  const purchase = createPurchaseApp({ broker: await client(), store: await stage.store('purchase') });
  const notification = createNotificationApp({ broker: await client(), store: await stage.store('notification') });
  const apps = [sales, purchase, notification];
  for (const app of apps) await app.start();
  const frontend = createFrontendClients({ urls: { sales: sales.url, purchase: purchase.url, common: common.url } });
  const settled = async (): Promise<void> => {
    for (const app of [sales, purchase, common, notification]) await app.service.settled();
    // The last copies are still to come.
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const app of [common, notification]) await app.service.settled();
    await naive.settled();
  };

  const requester = await frontend.common.createUser({
    idempotencyKey: randomUUID(),
    body: { email: 'rita@example.org', fullName: 'Rita Requester' },
  });
  const ids = await createInvoices(frontend);
  await refuseUnknown(frontend);
  await approveOrders(frontend, requester.id);
  await settled();

  chapter('What the ledger and the mails hold');
  const entries = await common.service.transaction((tx) =>
    tx.query<{ reference: string; count: number; balance: number }>(
      `select reference_id as reference, count(*)::int as count, sum(case type when 'debit' then amount else -amount end)::int as balance
     from ledger_entries where reference_type = 'invoice' group by reference_id`,
    ),
  );
  const mails = await notification.service.transaction((tx) =>
    tx.query<{ reference: string; count: number }>(
      `select reference_id as reference, count(*)::int as count from mails where template = 'invoice-created' group by reference_id`,
    ),
  );
  const rows = ids.map((id, index) => {
    const posted = entries.find((entry) => entry.reference === id) ?? { count: 0, balance: 0 };
    const wrong = naive.ledger.of(id);
    return {
      amount: invoices[index] ?? 0,
      naive: wrong,
      generated: posted,
      mails: mails.find((mail) => mail.reference === id)?.count ?? 0,
    };
  });
  table(
    ['invoice', 'naive ledger', 'generated consumer', 'mails'],
    rows.map((row) => [
      money(row.amount),
      ledgerText(row.naive),
      ledgerText(row.generated),
      row.mails === 1 ? good('1') : bad(String(row.mails)),
    ]),
  );
  for (const app of [...apps.reverse(), common]) await app.stop();
  return {
    naiveWrong: rows.filter((row) => !isRight(row.naive)).length,
    generatedWrong: rows.filter((row) => !isRight(row.generated) || row.mails !== 1).length,
    all: rows.length,
  };
}

async function createInvoices(frontend: FrontendClients): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const amount of invoices) {
    const { id } = await frontend.sales.createInvoice({
      idempotencyKey: randomUUID(),
      body: { customerId: customer.id, amount, currency: 'USD', dueDate: '2026-12-31' },
    });
    ids.push(id);
    say(`frontend creates an invoice over ${money(amount)}: 201, after sales asked common for the customer`);
  }
  return ids;
}

async function refuseUnknown(frontend: FrontendClients): Promise<void> {
  const body = { customerId: randomUUID(), amount: 100, currency: 'USD', dueDate: '2026-12-31' };
  const status = await frontend.sales.createInvoice({ idempotencyKey: randomUUID(), body }).then(() => 201, statusOf);
  say(`frontend creates one for a customer that common does not know: ${status}, nothing stored, nothing published`);
}

/** One cent matters: exactly 50 000.00 needs the manager alone. */
async function approveOrders(frontend: FrontendClients, requestedBy: string): Promise<void> {
  for (const units of [49_999, 50_000, 50_001]) {
    const { id } = await frontend.purchase.submitPurchaseOrder({
      idempotencyKey: randomUUID(),
      body: {
        vendorId: randomUUID(),
        currency: 'USD',
        requestedBy,
        items: [{ sku: 'chair', qty: 1, price: units * 100 }],
      },
    });
    const needed: string[] = [];
    for (const role of ['manager', 'cfo'] as const) {
      const status = await frontend.purchase
        .approvePurchaseOrder({ poId: id, idempotencyKey: randomUUID(), body: { approverId: randomUUID(), role } })
        .then(() => 204, statusOf);
      if (status === 204) needed.push(role);
    }
    say(`purchase order over ${money(units * 100)}: approved by ${needed.join(' and ')}`);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpStatusError) return error.status;
  throw error;
}

/** Each consumer dies at its first acknowledgement of each message. */
function hardLuck(): (queue: string, message: WireMessage) => boolean {
  const died = new Set<string>();
  return (queue, message) => {
    const once = `${queue} ${message.headers['ce-id']}`;
    if (died.has(once)) return false;
    died.add(once);
    return true;
  };
}

async function naiveLedger(
  client: Broker,
  broker: Broker,
): Promise<{ readonly ledger: NaiveLedger; readonly settled: () => Promise<void> }> {
  const exchange = { name: 'dhanman.events', kind: 'fanout' } as const;
  const queue: Queue = {
    name: 'seamwright-demo.naive-ledger',
    service: 'naive',
    bindings: [{ exchange: exchange.name, key: '' }],
    deadLetter: 'seamwright-demo.naive-ledger.dlq',
    maxDeliveries: 20,
    partitions: 1,
  };
  await client.declare({ exchanges: [exchange], queues: [queue] });
  await drained(client, queue);
  let deaths = 1;
  let open = 0;
  const ledger = new NaiveLedger(() => deaths-- > 0);
  await broker.subscribe(queue.name, { prefetch: 1 }, async (delivery) => {
    open += 1;
    try {
      await ledger.receive(delivery.message);
      await delivery.ack();
    } finally {
      open -= 1;
    }
  });
  return { ledger, settled: () => quiet(broker, queue, () => open) };
}

interface Posted {
  readonly count: number;
  readonly balance: number;
}

function isRight({ count, balance }: Posted): boolean {
  return count === 2 && balance === 0;
}

function ledgerText(posted: Posted): string {
  const text = `${posted.count} entries, ${posted.balance === 0 ? 'balanced' : `out of balance by ${money(posted.balance)}`}`;
  return isRight(posted) ? good(text) : bad(text);
}

function money(minor: number): string {
  return `${(minor / 100).toFixed(2)} USD`;
}
