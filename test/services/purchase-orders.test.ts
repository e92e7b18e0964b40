import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { count, type Dhanman, expectBalanced, expectStatus, key, startDhanman } from './dhanman.js';

describe('purchase orders of dhanman', () => {
  let world: Dhanman;
  let requestedBy: string;
  const vendorId = randomUUID();
  beforeAll(async () => {
    world = await startDhanman();
    const user = { email: 'ada@mail.example', fullName: 'Ada Byron' };
    requestedBy = (await world.frontend.common.createUser({ idempotencyKey: key(), body: user })).id;
  }, 60_000);
  afterAll(() => world.stop());

  /** An order over so many whole units, in two items. */
  async function submit(units: number): Promise<string> {
    const items = [
      { sku: 'CHAIR-01', qty: units - 1, price: 100 },
      { sku: 'LAMP-01', qty: 2, price: 50 },
    ];
    const body = { vendorId, currency: 'USD', items, requestedBy } as const;
    return (await world.frontend.purchase.submitPurchaseOrder({ idempotencyKey: key(), body })).id;
  }
  const approve = (poId: string, role: 'manager' | 'cfo', more: { idempotencyKey?: string; roles?: string } = {}) =>
    world.frontend.purchase.approvePurchaseOrder(
      { poId, idempotencyKey: more.idempotencyKey ?? key(), body: { approverId: randomUUID(), role } },
      more.roles === undefined ? {} : { headers: { 'x-roles': more.roles } },
    );
  const asked = (id: string) =>
    count(world.notification, 'mails', `template = 'po-approval-required' and reference_id = $1`, [id]);
  const told = (id: string) =>
    count(world.notification, 'mails', `template = 'po-approved' and reference_id = $1 and recipient = $2`, [
      id,
      requestedBy,
    ]);
  const reserved = (id: string) =>
    count(world.common, 'ledger_entries', `reference_type = 'purchase-order' and reference_id = $1`, [id]);
  const approved = (id: string) => count(world.purchase, 'purchase_orders', `id = $1 and status = 'approved'`, [id]);

  it.each([49_999, 50_000])('needs the manager alone for %d units', async (units) => {
    const id = await submit(units);
    await world.settled();
    expect(await count(world.purchase, 'purchase_orders', 'id = $1 and amount = $2', [id, units * 100])).toBe(1);
    expect(await asked(id)).toBe(1);
    await expectStatus(403, approve(id, 'cfo'));
    await approve(id, 'manager');
    await world.settled();
    expect([await approved(id), await reserved(id), await told(id)]).toEqual([1, 2, 1]);
    await expectBalanced(world);
  });

  it('needs the manager and the CFO for 50001 units, and tells nobody before the second approval', async () => {
    const id = await submit(50_001);
    await world.settled();
    expect(await asked(id)).toBe(2);
    await approve(id, 'manager');
    await world.settled();
    expect([await approved(id), await reserved(id), await told(id)]).toEqual([0, 0, 0]);
    await approve(id, 'cfo');
    await world.settled();
    expect([await approved(id), await reserved(id), await told(id)]).toEqual([1, 2, 1]);
    await expectBalanced(world);
  });

  it('takes an approval once per role, and only from callers who have it', async () => {
    const id = await submit(60_000);
    await expectStatus(403, approve(id, 'manager', { roles: 'cfo' }));
    await expectStatus(404, approve(randomUUID(), 'manager'));
    await approve(id, 'manager');
    await expectStatus(409, approve(id, 'manager'));
    await approve(id, 'cfo');
    await expectStatus(409, approve(id, 'cfo'));
    expect(await count(world.purchase, 'approvals', 'order_id = $1', [id])).toBe(2);
  });

  it('counts two approvals at the same moment as one', async () => {
    const id = await submit(10);
    const outcomes = await Promise.allSettled([approve(id, 'manager'), approve(id, 'manager')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await world.settled();
    expect([await reserved(id), await told(id)]).toEqual([2, 1]);
  });

  it('refuses an order above what one posting may hold', async () => {
    const items = [{ sku: 'SHIP-01', qty: 1_000_000, price: 100_000_000_000 }];
    const body = { vendorId, currency: 'USD', items, requestedBy } as const;
    await expectStatus(422, world.frontend.purchase.submitPurchaseOrder({ idempotencyKey: key(), body }));
  });

  it('posts a bill, which has to fit the order that it names', async () => {
    const poId = await submit(100);
    const createBill = (change: object) => {
      const body = { vendorId, poId, amount: 10_000, currency: 'USD', dueDate: '2026-04-12', ...change };
      return world.frontend.purchase.createBill({ idempotencyKey: key(), body });
    };
    await expectStatus(422, createBill({ vendorId: randomUUID() }));
    await expectStatus(422, createBill({ currency: 'EUR' }));
    await expectStatus(422, createBill({ poId: randomUUID() }));
    const { id } = await createBill({});
    await world.settled();
    const where = `reference_type = 'bill' and reference_id = $1 and amount = 10000`;
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '5000' and type = 'debit'`, [id]),
    ).toBe(1);
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '2100' and type = 'credit'`, [id]),
    ).toBe(1);
    expect(await count(world.purchase, 'bills')).toBe(1);
  });

  it('waits with the mail to the requester until the user is known', async () => {
    const stranger = randomUUID();
    const items = [{ sku: 'PEN-01', qty: 1, price: 100 }];
    const body = { vendorId, currency: 'USD', items, requestedBy: stranger } as const;
    const { id } = await world.frontend.purchase.submitPurchaseOrder({ idempotencyKey: key(), body });
    await approve(id, 'manager');
    await world.settled();
    const mails = () => count(world.notification, 'mails', `template = 'po-approved' and reference_id = $1`, [id]);
    expect(await mails()).toBe(0);
    const user = { userId: stranger, email: 'bo@mail.example', fullName: 'Bo', createdAt: new Date().toISOString() };
    await world.common.service.transaction((tx) => tx.User.created(user));
    await world.settled();
    expect(await mails()).toBe(1);
  });
});
