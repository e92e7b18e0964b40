import { randomUUID } from 'node:crypto';
import { RejectMessageError } from 'seamwright/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type Posting, post } from '../../services/dhanman/common/ledger.js';
import { count, customer, type Dhanman, expectBalanced, expectStatus, key, startDhanman } from './dhanman.js';

describe('invoices of dhanman', () => {
  let world: Dhanman;
  beforeAll(async () => {
    world = await startDhanman();
  }, 60_000);
  afterAll(() => world.stop());

  const body = { customerId: customer.id, amount: 12_500, currency: 'USD', dueDate: '2026-04-01' };

  it('posts and mails an invoice once, however often its event is delivered', async () => {
    const { id } = await world.frontend.sales.createInvoice({ idempotencyKey: key(), body });
    await world.settled();
    expect(await count(world.sales, 'invoices', 'id = $1', [id])).toBe(1);
    const where = `reference_type = 'invoice' and reference_id = $1 and amount = 12500 and currency = 'USD'`;
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '1200' and type = 'debit'`, [id]),
    ).toBe(1);
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '4000' and type = 'credit'`, [id]),
    ).toBe(1);
    expect(
      await count(
        world.notification,
        'mails',
        `template = 'invoice-created' and reference_id = $1 and recipient = $2`,
        [id, customer.id],
      ),
    ).toBe(1);
    await expectBalanced(world);
    // The day was as bad as it was meant to be: two copies, and each acknowledgement lost once.
    expect(Object.fromEntries(world.common.service.metrics().map(({ name, value }) => [name, value]))).toMatchObject({
      'messaging.client.consumed.messages': 4,
      'seamwright.inbox.duplicates': 3,
    });
  });

  it('answers a repeated request with the first answer, and stores one invoice', async () => {
    const request = { idempotencyKey: key(), body: { ...body, amount: 777 } };
    const answers = await Promise.all([1, 2, 3].map(() => world.frontend.sales.createInvoice(request)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await count(world.sales, 'invoices', 'amount = 777', [])).toBe(1);
    await expectStatus(422, world.frontend.sales.createInvoice({ ...request, body: { ...body, amount: 778 } }));
  });

  it('posts under one reference once even without an inbox, and never with other figures', async () => {
    const posting: Posting = {
      referenceType: 'invoice',
      ...{ referenceId: randomUUID(), amount: 100, currency: 'USD' },
      ...{ debit: account.receivables, credit: account.revenue },
    };
    const again = (change: Partial<Posting>) =>
      world.common.service.transaction((tx) => post(tx, { ...posting, ...change }));
    await again({});
    await again({});
    await expect(again({ amount: 101 })).rejects.toThrow(RejectMessageError);
    await expect(again({ debit: account.expenses })).rejects.toThrow(RejectMessageError);
    await expectBalanced(world);
  });

  it('refuses an unknown customer and a foreign currency', async () => {
    const createInvoice = (change: Partial<typeof body>) =>
      world.frontend.sales.createInvoice({ idempotencyKey: key(), body: { ...body, amount: 999, ...change } });
    await expectStatus(422, createInvoice({ customerId: randomUUID() }));
    await expectStatus(422, createInvoice({ currency: 'EUR' }));
    expect(await count(world.sales, 'invoices', 'amount = 999', [])).toBe(0);
  });

  it('stores and tells nothing while common is down, but answers what was answered before', async () => {
    const before = { idempotencyKey: key(), body: { ...body, amount: 555 } };
    const { id } = await world.frontend.sales.createInvoice(before);
    await world.settled();
    await world.common.stop();
    try {
      await expectStatus(
        503,
        world.frontend.sales.createInvoice({ idempotencyKey: key(), body: { ...body, amount: 556 } }),
      );
      expect(await world.frontend.sales.createInvoice(before)).toEqual({ id });
    } finally {
      await world.common.start();
    }
    expect(await count(world.sales, 'invoices', 'amount = 556', [])).toBe(0);
  });
});
