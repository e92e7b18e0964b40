import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, create, type EasyPlatform, startEasyPlatform } from './easyplatform.js';

describe('companies and users of EasyPlatform', () => {
  let world: EasyPlatform;
  beforeAll(async () => {
    world = await startEasyPlatform();
  }, 60_000);
  afterAll(() => world.stop());

  const followers = () => [world.people, world.hiring, world.surveys, world.insights];

  it('renames a company in every copy', async () => {
    const id = await create(world.accounts, '/api/Company', { name: 'Northwind Traders' });
    const renamed = await call(world.accounts, 'PUT', `/api/Company/${id}`, {
      name: 'Northwind Trading',
      isActive: true,
    });
    expect(renamed).toMatchObject({ status: 200, body: { id, name: 'Northwind Trading', isActive: true } });
    await world.settled();
    for (const { service } of followers()) {
      expect(await service.copies.Company.get(id)).toMatchObject({ name: 'Northwind Trading' });
    }
  });

  it('deletes a company once, and in every copy', async () => {
    const id = await create(world.accounts, '/api/Company', { name: 'Fabrikam' });
    const remove = () => call(world.accounts, 'DELETE', `/api/Company/${id}`);
    expect(await remove()).toMatchObject({ status: 204 });
    const told = async () => {
      const { items } = await world.accounts.service.sync.snapshot('Company', { limit: 500 });
      return items.find(({ subject }) => subject === id)?.sequence;
    };
    const before = await told();
    expect(await remove()).toMatchObject({ status: 204 });
    expect(before).toBe('2');
    expect(await told()).toBe(before);
    await world.settled();
    for (const { service } of followers()) expect(await service.copies.Company.get(id)).toBeNull();
    expect(await call(world.accounts, 'PUT', `/api/Company/${id}`, { name: 'F', isActive: true })).toMatchObject({
      status: 404,
    });
    expect(await call(world.accounts, 'DELETE', `/api/Company/${randomUUID()}`)).toMatchObject({ status: 404 });
  });

  it('opens, changes and closes an account, and tells every copy what it needs', async () => {
    const companyId = await create(world.accounts, '/api/Company', { name: 'Adventure Works' });
    const person = { email: 'Ada@adventure.example', fullName: 'Ada Byron', companyId };
    const id = await create(world.accounts, '/api/User', { ...person, roles: ['employee'] });
    expect(await call(world.accounts, 'GET', `/api/User/${id}`)).toMatchObject({
      status: 200,
      body: { id, ...person },
    });
    const same = { ...person, email: 'ada@Adventure.example' };
    expect(await call(world.accounts, 'POST', '/api/User', same)).toMatchObject({ status: 409 });
    const lost = { ...person, email: 'b@mail.example', companyId: randomUUID() };
    expect(await call(world.accounts, 'POST', '/api/User', lost)).toMatchObject({ status: 422 });
    const change = { ...person, fullName: 'Ada Lovelace', roles: ['employee', 'admin'], isActive: true };
    expect(await call(world.accounts, 'PUT', `/api/User/${id}`, change)).toMatchObject({ status: 200 });
    await world.settled();
    expect(await world.people.service.copies.SyncedUser.get(id)).toMatchObject({ fullName: 'Ada Lovelace' });
    expect(await world.hiring.service.copies.SyncedUser.get(id)).toMatchObject({ roles: ['employee', 'admin'] });
    expect(await call(world.accounts, 'DELETE', `/api/User/${id}`)).toMatchObject({ status: 204 });
    await world.settled();
    for (const { service } of followers()) expect(await service.copies.SyncedUser.get(id)).toBeNull();
    expect(await call(world.accounts, 'GET', `/api/User/${id}`)).toMatchObject({ status: 404 });
    // The address is free again.
    await create(world.accounts, '/api/User', person);
  });

  it('keeps what the contract does not name out of the state', async () => {
    const name = 'Tailspin';
    const answer = await call(world.accounts, 'POST', '/api/Company', { name, id: 'mine', isDeleted: true });
    expect(answer).toMatchObject({ status: 201, body: { name, isActive: true } });
    await world.settled();
    expect(await world.people.service.copies.Company.get(String(answer.body.id))).toMatchObject({ name });
  });

  it('gives a repeated request its first answer', async () => {
    const key = randomUUID();
    const body = { name: 'Contoso' };
    const first = await call(world.accounts, 'POST', '/api/Company', body, key);
    expect(await call(world.accounts, 'POST', '/api/Company', body, key)).toMatchObject({
      status: 201,
      body: first.body,
    });
    expect(await call(world.accounts, 'POST', '/api/Company', { name: 'Other' }, key)).toMatchObject({ status: 422 });
  });
});
