import { randomUUID } from 'node:crypto';
import { storeFor } from 'seamwright/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createCommunityApp } from '../../services/dhanman/community/create.js';
import { count, type Dhanman, expectBalanced, expectStatus, key, startDhanman } from './dhanman.js';

describe('salaries and users of dhanman', () => {
  let world: Dhanman;
  beforeAll(async () => {
    world = await startDhanman();
  }, 60_000);
  afterAll(() => world.stop());

  it('pays nobody twice for one month', async () => {
    const salary = { employeeId: randomUUID(), period: '2026-03', gross: 500_000, net: 350_000, currency: 'USD' };
    const pay = (change: Partial<typeof salary> = {}) =>
      world.frontend.payroll.postSalary({ idempotencyKey: key(), body: { ...salary, ...change } });
    await expectStatus(422, pay({ net: 500_001 }));
    const { id } = await pay();
    await expectStatus(409, pay());
    await pay({ period: '2026-04' });
    await world.settled();
    expect(await count(world.payroll, 'salaries', 'employee_id = $1', [salary.employeeId])).toBe(2);
    const where = `reference_type = 'salary' and reference_id = $1 and amount = 500000`;
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '5100' and type = 'debit'`, [id]),
    ).toBe(1);
    expect(
      await count(world.common, 'ledger_entries', `${where} and account_code = '2200' and type = 'credit'`, [id]),
    ).toBe(1);
    expect(await count(world.notification, 'mails', `template = 'payslip' and reference_id = $1`, [id])).toBe(1);
    await expectBalanced(world);
  });

  it('creates a user once per address, and every service has the copy', async () => {
    const body = { email: 'Ada.Byron@mail.example', fullName: 'Ada Byron' };
    const { id } = await world.frontend.common.createUser({ idempotencyKey: key(), body });
    const again = { ...body, email: 'ada.byron@mail.example' };
    await expectStatus(409, world.frontend.common.createUser({ idempotencyKey: key(), body: again }));
    await world.settled();
    for (const app of [world.sales, world.purchase, world.payroll, world.notification]) {
      expect(await app.service.copies.User.get(id)).toMatchObject({ userId: id, ...body });
    }
  });

  it('gives a service that starts late every user, page by page, and publishes nothing', async () => {
    for (let number = 0; number < 120; number += 1) {
      const body = { email: `user${number}@mail.example`, fullName: `User ${number}` };
      await world.frontend.common.createUser({ idempotencyKey: key(), body });
    }
    await world.settled();
    await dropPgliteSchema('community');
    const community = createCommunityApp({
      broker: world.broker.connect(),
      store: storeFor('pglite:', 'community'),
      urls: { common: world.common.url },
    });
    await community.start();
    expect(await community.service.copies.User.list()).toEqual([]);
    await community.catchUp();
    const users = await count(world.common, 'users', 'true');
    expect(users).toBeGreaterThanOrEqual(120);
    expect(await community.service.copies.User.list({ limit: 1000 })).toHaveLength(users);
    expect(await count(community, 'sw_outbox')).toBe(0);
    await community.stop();
  });
});
