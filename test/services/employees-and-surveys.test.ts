import { randomUUID } from 'node:crypto';
import { memoryBroker, storeFor } from 'seamwright/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createTextSnippetInsightsApp } from '../../services/easyplatform/text-snippet-insights/create.js';
import { call, create, type EasyPlatform, startEasyPlatform } from './easyplatform.js';

describe('employees and surveys of EasyPlatform', () => {
  let world: EasyPlatform;
  let companyId: string;
  beforeAll(async () => {
    world = await startEasyPlatform();
    companyId = await create(world.accounts, '/api/Company', { name: 'Northwind Traders' });
    await world.settled();
  }, 60_000);
  afterAll(() => world.stop());

  let number = 0;
  function person(change: object = {}): Readonly<Record<string, unknown>> {
    number += 1;
    return { fullName: `Person ${number}`, email: `person${number}@mail.example`, companyId, ...change };
  }
  const copy = (id: string) => world.surveys.service.copies.SyncedEmployee.get(id);

  it('tells a rename, a leave of absence and the end', async () => {
    const ada = person();
    const id = await create(world.people, '/api/Employee', ada);
    const put = (change: object) =>
      call(world.people, 'PUT', `/api/Employee/${id}`, { ...ada, isActive: true, ...change });
    expect(await put({ fullName: 'Ada Lovelace' })).toMatchObject({ status: 200, body: { fullName: 'Ada Lovelace' } });
    await world.settled();
    expect(await copy(id)).toMatchObject({ fullName: 'Ada Lovelace', isActive: true });
    await put({ isActive: false });
    await world.settled();
    expect(await copy(id)).toMatchObject({ isActive: false });
    expect(await call(world.people, 'DELETE', `/api/Employee/${id}`)).toMatchObject({ status: 204 });
    expect(await call(world.people, 'DELETE', `/api/Employee/${id}`)).toMatchObject({ status: 204 });
    expect(await put({})).toMatchObject({ status: 404 });
    await world.settled();
    expect(await copy(id)).toBeNull();
  });

  it('refuses an unknown company and an address that is taken', async () => {
    const ada = person();
    await create(world.people, '/api/Employee', ada);
    const post = (body: object) => call(world.people, 'POST', '/api/Employee', body);
    expect(await post(ada)).toMatchObject({ status: 409 });
    expect(await post(person({ companyId: randomUUID() }))).toMatchObject({ status: 422 });
    const id = await create(world.people, '/api/Employee', person());
    const change = { ...ada, isActive: true };
    expect(await call(world.people, 'PUT', `/api/Employee/${id}`, change)).toMatchObject({ status: 422 });
  });

  it('links an account of the same company only, as accounts has it now', async () => {
    const other = await create(world.accounts, '/api/Company', { name: 'Fabrikam' });
    const user = (at: string, email: string) =>
      create(world.accounts, '/api/User', { email, fullName: 'Ada Byron', companyId: at });
    const [own, foreign] = [await user(companyId, 'own@mail.example'), await user(other, 'foreign@mail.example')];
    const post = (userId: string) => call(world.people, 'POST', '/api/Employee', person({ userId }));
    // Asked of accounts at once: the copy has not come yet.
    const created = await post(own);
    expect(created).toMatchObject({ status: 201, body: { userId: own } });
    expect(await post(foreign)).toMatchObject({ status: 422 });
    expect(await post(randomUUID())).toMatchObject({ status: 422 });
    await world.settled();
    expect(await copy(String(created.body.id))).toMatchObject({ userId: own });
  });

  it('opens and closes a survey', async () => {
    const author = await create(world.people, '/api/Employee', person());
    await world.settled();
    const survey = { companyId, title: 'How was your first month?', createdByEmployeeId: author };
    const id = await create(world.surveys, '/api/Survey', survey);
    const put = (title: string) => call(world.surveys, 'PUT', `/api/Survey/${id}`, { title, status: 'open' });
    expect(await put('How was it?')).toMatchObject({
      status: 200,
      body: { status: 'open', createdByEmployeeId: author },
    });
    const key = randomUUID();
    const close = (as?: string) => call(world.surveys, 'POST', `/api/Survey/${id}/close`, undefined, as);
    expect(await close(key)).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect(await close(key)).toMatchObject({ status: 200 });
    expect(await close()).toMatchObject({ status: 409 });
    expect(await put('Late')).toMatchObject({ status: 422 });
    await world.settled();
    expect(await world.insights.service.copies.SyncedSurvey.get(id)).toMatchObject({
      title: 'How was it?',
      status: 'closed',
    });
    const stranger = { ...survey, createdByEmployeeId: randomUUID() };
    expect(await call(world.surveys, 'POST', '/api/Survey', stranger)).toMatchObject({ status: 422 });
    const platform = await call(world.surveys, 'POST', '/api/Survey', { companyId, title: 'Platform' });
    expect(platform).toMatchObject({ status: 201, body: { status: 'draft', createdByEmployeeId: null } });
  });

  it('brings a service that starts late up to date, although no message ever reaches it', async () => {
    const staying = await create(world.people, '/api/Employee', person());
    const leaving = await create(world.people, '/api/Employee', person());
    await call(world.people, 'DELETE', `/api/Employee/${leaving}`);
    await create(world.surveys, '/api/Survey', { companyId, title: 'Late' });
    await world.settled();
    await dropPgliteSchema('late-insights');
    const store = storeFor('pglite:', 'late-insights');
    const late = createTextSnippetInsightsApp({ store, broker: memoryBroker(), urls: world.urls });
    await late.start();
    expect(await late.service.copies.Company.list()).toEqual([]);
    await late.catchUp();
    await late.service.settled();
    const { copies } = late.service;
    const { accounts, people, surveys } = world;
    expect(await copies.Company.list()).toEqual(await accounts.service.transaction((tx) => tx.Company.list()));
    const ids = async (list: Promise<readonly { readonly id: string }[]>) => (await list).map(({ id }) => id);
    expect(await ids(copies.SyncedUser.list())).toEqual(
      await ids(accounts.service.transaction((tx) => tx.User.list())),
    );
    const employees = await ids(people.service.transaction((tx) => tx.Employee.list()));
    expect(await ids(copies.SyncedEmployee.list())).toEqual(employees);
    expect(employees).toContain(staying);
    expect(employees).not.toContain(leaving);
    expect(await ids(copies.SyncedSurvey.list())).toEqual(
      await ids(surveys.service.transaction((tx) => tx.Survey.list())),
    );
    expect(await copies.SyncedSurvey.list()).toEqual(await world.insights.service.copies.SyncedSurvey.list());
    await late.stop();
  });

  it('links nothing while accounts is down, but still renames', async () => {
    const ada = person();
    const id = await create(world.people, '/api/Employee', ada);
    await world.settled();
    await world.accounts.stop();
    const linked = await call(world.people, 'POST', '/api/Employee', person({ userId: randomUUID() }));
    expect(linked).toMatchObject({ status: 503 });
    const renamed = { ...ada, fullName: 'Ada Lovelace', isActive: true };
    expect(await call(world.people, 'PUT', `/api/Employee/${id}`, renamed)).toMatchObject({ status: 200 });
    await world.accounts.start();
  });
});
