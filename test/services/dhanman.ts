import { randomUUID } from 'node:crypto';
import {
  HttpStatusError,
  type MemoryBroker,
  memoryBroker,
  type ServiceTransaction,
  storeFor,
} from 'seamwright/runtime';
import { expect } from 'vitest';
import { createFrontendClients, type FrontendClients } from '#generated/dhanman/frontend/clients.gen.js';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createCommonApp } from '../../services/dhanman/common/create.js';
import { type Customer, seedCustomers } from '../../services/dhanman/common/customers.js';
import { createNotificationApp } from '../../services/dhanman/notification/create.js';
import { createPayrollApp } from '../../services/dhanman/payroll/create.js';
import { createPurchaseApp } from '../../services/dhanman/purchase/create.js';
import type { PurchaseCaller } from '../../services/dhanman/purchase/operations.js';
import { createSalesApp } from '../../services/dhanman/sales/create.js';
import { badDay } from './bad-day.js';

/** All of dhanman in this process, called over real HTTP, on a bad day. */
export interface Dhanman {
  readonly broker: MemoryBroker;
  readonly common: ReturnType<typeof createCommonApp>;
  readonly sales: ReturnType<typeof createSalesApp>;
  readonly purchase: ReturnType<typeof createPurchaseApp>;
  readonly payroll: ReturnType<typeof createPayrollApp>;
  readonly notification: ReturnType<typeof createNotificationApp>;
  readonly frontend: FrontendClients;
  /** Resolves when every message has had its effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const customer: Customer = {
  id: randomUUID(),
  name: 'Flat 12',
  email: 'flat12@mail.example',
  phone: null,
  balance: 0,
  currency: 'USD',
};

export async function startDhanman(): Promise<Dhanman> {
  const broker = memoryBroker({ faults: badDay });
  const on = async (service: string) => {
    await dropPgliteSchema(service);
    return { broker: broker.connect(), store: storeFor('pglite:', service) };
  };
  const common = createCommonApp(await on('common'));
  await common.start();
  await common.service.transaction((tx) => seedCustomers(tx, [customer]));
  const sales = createSalesApp({ ...(await on('sales')), urls: { common: common.url } });
  const purchase = createPurchaseApp({ ...(await on('purchase')), authenticate: rolesInHeader });
  const payroll = createPayrollApp(await on('payroll'));
  const notification = createNotificationApp(await on('notification'));
  const others = [sales, purchase, payroll, notification];
  for (const app of others) await app.start();
  const apps = [common, ...others];
  return {
    ...{ broker, common, sales, purchase, payroll, notification },
    frontend: createFrontendClients({
      urls: { common: common.url, sales: sales.url, purchase: purchase.url, payroll: payroll.url },
    }),
    async settled() {
      // Twice: what the last one sends may be for the first one.
      for (const app of [...apps, ...apps]) await app.service.settled();
    },
    async stop() {
      for (const app of apps.reverse()) await app.stop();
    },
  };
}

/** Debits and credits of every reference, which must be equal. */
export async function expectBalanced({ common }: Dhanman): Promise<void> {
  const sums = await common.service.transaction((tx) =>
    tx.query(
      `select reference_type, reference_id, count(*)::int as entries,
       sum(case type when 'debit' then amount else -amount end)::int as difference
       from ledger_entries group by reference_type, reference_id`,
    ),
  );
  for (const sum of sums) expect(sum).toMatchObject({ entries: 2, difference: 0 });
}

/** A service that can be asked for its rows. */
interface Queried {
  readonly service: { transaction<T>(work: (tx: ServiceTransaction) => Promise<T>): Promise<T> };
}

/** Number of rows. */
export async function count(
  app: Queried,
  table: string,
  where = 'true',
  values: readonly unknown[] = [],
): Promise<number> {
  const [row] = await app.service.transaction((tx) =>
    tx.query<{ readonly n: number }>(`select count(*)::int as n from ${table} where ${where}`, values),
  );
  return row?.n ?? Number.NaN;
}

/** A new idempotency key. */
export const key = (): string => randomUUID();

/** Stands for a gateway's token: the roles of the caller in a header, every role without one. */
function rolesInHeader({ headers }: { readonly headers: Headers }): PurchaseCaller {
  return { id: 'tester', roles: (headers.get('x-roles') ?? 'manager cfo').split(' ') };
}

/** A call that has to be refused with this status. */
export async function expectStatus(status: number, call: Promise<unknown>): Promise<void> {
  const error = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HttpStatusError);
  expect(error).toMatchObject({ status });
}
