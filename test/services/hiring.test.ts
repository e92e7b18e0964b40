import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, create, type EasyPlatform, startEasyPlatform } from './easyplatform.js';

describe('from candidate to employee', () => {
  let world: EasyPlatform;
  let companyId: string;
  beforeAll(async () => {
    world = await startEasyPlatform();
    companyId = await create(world.accounts, '/api/Company', { name: 'Northwind Traders' });
    await world.settled();
  }, 60_000);
  afterAll(() => world.stop());

  const employees = (email: string) =>
    world.people.service.transaction((tx) =>
      tx.query('select * from employees where lower(email) = lower($1) and not is_deleted', [email]),
    );
  const apply = (email: string) =>
    create(world.hiring, '/api/Candidate', { fullName: 'Grace Murray', email, companyId });
  const hire = (id: string, key?: string) => call(world.hiring, 'POST', `/api/Candidate/${id}/hire`, undefined, key);

  it('makes a hired candidate one employee, whom surveys knows', async () => {
    const email = 'grace@mail.example';
    const id = await apply(email);
    await world.settled();
    expect(await world.people.service.copies.SyncedCandidate.get(id)).toBeNull();
    expect(await employees(email)).toEqual([]);
    const hired = await hire(id);
    expect(hired).toMatchObject({ status: 200, body: { id, status: 'hired' } });
    await world.settled();
    const copy = { id, email, status: 'hired', hiredDate: hired.body.hiredDate };
    expect(await world.people.service.copies.SyncedCandidate.get(id)).toMatchObject(copy);
    expect(await employees(email)).toHaveLength(1);
    expect(await world.surveys.service.copies.SyncedEmployee.get(id)).toMatchObject({ id, email, isActive: true });
  });

  it('hires a candidate once, from however many tabs', async () => {
    const email = 'alan@mail.example';
    const id = await apply(email);
    const key = randomUUID();
    const tabs = await Promise.all([hire(id, key), hire(id), hire(id, key)]);
    expect(tabs.map(({ status }) => status).sort()).toEqual(
      tabs[0]?.status === 200 ? [200, 200, 409] : [200, 409, 409],
    );
    await world.settled();
    expect(await employees(email)).toHaveLength(1);
  });

  it('does not hire the rejected, and does not undo a hire', async () => {
    const id = await apply('joan@mail.example');
    const change = { fullName: 'Joan Clarke', email: 'joan@mail.example', companyId, status: 'rejected' };
    expect(await call(world.hiring, 'PUT', `/api/Candidate/${id}`, change)).toMatchObject({ status: 200 });
    expect(await hire(id)).toMatchObject({ status: 422 });
    expect(await hire(randomUUID())).toMatchObject({ status: 404 });
    const back = { ...change, status: 'interview' };
    expect(await call(world.hiring, 'PUT', `/api/Candidate/${id}`, back)).toMatchObject({ status: 200 });
    expect(await hire(id)).toMatchObject({ status: 200 });
    expect(await call(world.hiring, 'PUT', `/api/Candidate/${id}`, change)).toMatchObject({ status: 422 });
  });

  it('does not employ again whoever is employed already, nor when the hire is told again', async () => {
    const email = 'Dorothy@mail.example';
    await create(world.people, '/api/Employee', { fullName: 'Dorothy Vaughan', email, companyId });
    const id = await apply(email.toLowerCase());
    await hire(id);
    await world.settled();
    expect(await world.hiring.service.sync.force('Candidate', id)).toBe(true);
    await world.settled();
    expect(await employees(email)).toHaveLength(1);
    expect(await world.people.service.copies.SyncedCandidate.get(id)).toMatchObject({ id });
  });
});
