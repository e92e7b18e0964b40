import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forceSync } from '../../generator/operate/force-sync.js';
import { fullSync } from '../../generator/operate/full-sync.js';
import { health } from '../../generator/operate/health.js';
import { reconcile } from '../../generator/operate/reconcile.js';
import { trace } from '../../generator/operate/trace.js';
import { call, create } from '../services/easyplatform.js';
import { type OperateWorld, startOperateWorld, until } from './world.js';

const surveys = 'text-snippet-surveys';
const quickly = { limit: 20, settleMs: 50 };

describe('copies of a running system', () => {
  let world: OperateWorld;
  let companyId: string;
  beforeAll(async () => {
    world = await startOperateWorld();
    companyId = await company('Northwind');
  }, 60_000);
  afterAll(() => world.stop());

  async function company(name: string): Promise<string> {
    const id = await create(world.accounts, '/api/Company', { name });
    await world.settled();
    return id;
  }
  let people = 0;
  async function employee(): Promise<string> {
    people += 1;
    const body = { fullName: `Person ${people}`, email: `p${people}@mail.example`, companyId };
    const id = await create(world.people, '/api/Employee', body);
    await world.settled();
    return id;
  }
  /** SQL of somebody who goes past the runtime. */
  const sql = (service: string, text: string, values: readonly unknown[]) =>
    world.store(service).transaction((tx) => tx.query(text, values));
  const forget = (service: string, id: string) =>
    sql(service, 'delete from sw_copy_synced_employee where sw_id = $1::text', [id]);

  describe('reconcile', () => {
    it('finds nothing in a system that is right, deletions included', async () => {
      const id = await employee();
      await employee();
      await call(world.people, 'DELETE', `/api/Employee/${id}`);
      await world.settled();
      const results = await reconcile(world.system, 'Employee', quickly);
      expect(results.map(({ copy }) => copy).sort()).toEqual([
        'text-snippet-insights.SyncedEmployee',
        'text-snippet-surveys.SyncedEmployee',
      ]);
      for (const result of results) {
        expect(result).toMatchObject({ totals: {}, differences: [], filtered: 0, lagging: 0, repaired: [] });
        expect(result.owner).toEqual(result.here);
        expect(result.owner.deleted).toBe(1);
      }
      for (const result of await reconcile(world.system, 'Company', quickly)) expect(result.totals).toEqual({});
    });

    it('names what is missing, older, newer, extra and deleted by hand, and mends what can be mended', async () => {
      const [missing, older, newer, gone] = [await employee(), await employee(), await employee(), await employee()];
      await forget(surveys, missing);
      const move = (id: string, by: number) =>
        sql(surveys, 'update sw_copy_synced_employee set sw_seq = sw_seq + $2::bigint where sw_id = $1::text', [
          id,
          by,
        ]);
      await move(older, -1_000_000);
      await move(newer, 1_000_000);
      await sql(surveys, 'update sw_copy_synced_employee set sw_deleted = true where sw_id = $1::text', [gone]);
      await sql(
        surveys,
        `insert into sw_copy_synced_employee (sw_id, sw_epoch, sw_seq, sw_tie, sw_hash, sw_deleted, sw_outcome) values ('stranger', 0, 1, '', '', false, 'applied')`,
        [],
      );
      const wrong = { missing: 1, older: 1, newer: 1, 'deleted-here': 1, extra: 1 };
      const options = { ...quickly, service: surveys };
      const [found] = await reconcile(world.system, 'Employee', options);
      expect(found?.totals).toEqual(wrong);
      expect(Object.fromEntries((found?.differences ?? []).map(({ id, kind }) => [id, kind]))).toEqual({
        [missing]: 'missing',
        [older]: 'older',
        [newer]: 'newer',
        [gone]: 'deleted-here',
        stranger: 'extra',
      });
      const [bounded] = await reconcile(world.system, 'Employee', { ...options, limit: 2 });
      expect(bounded).toMatchObject({ totals: wrong, differences: [{}, {}] });
      const [repaired] = await reconcile(world.system, 'Employee', { ...options, repair: { perSecond: 100 } });
      expect([...(repaired?.repaired ?? [])].sort()).toEqual([missing, older, gone].sort());
      await until(async () => {
        const [again] = await reconcile(world.system, 'Employee', options);
        return (
          JSON.stringify(again?.totals) === JSON.stringify({ newer: 1, extra: 1 }) ||
          JSON.stringify(again?.totals) === JSON.stringify({ extra: 1, newer: 1 })
        );
      });
      await sql(surveys, `delete from sw_copy_synced_employee where sw_id in ('stranger', $1::text)`, [newer]);
      await forceSync(world.system, 'Employee', newer, { waitMs: 5_000 });
    });

    it('does not call a message on its way a difference', async () => {
      const id = await employee();
      await forget(surveys, id);
      let looks = 0;
      const clock = {
        ...world.system.clock,
        async sleep() {
          looks += 1;
          await forceSync(world.system, 'Employee', id, { waitMs: 5_000 });
        },
      };
      const [result] = await reconcile({ ...world.system, clock }, 'Employee', { ...quickly, service: surveys });
      expect(looks).toBe(1);
      expect(result).toMatchObject({ totals: {}, lagging: 1 });
    });

    it('counts only what its owner has told', async () => {
      const id = randomUUID();
      const state = { id, fullName: 'Nobody', email: 'n@mail.example', companyId, isActive: false, isDeleted: false };
      await world.people.service.transaction((tx) => tx.Employee.created({ ...state } as never));
      await world.settled();
      for (const result of await reconcile(world.system, 'Employee', quickly)) expect(result.totals).toEqual({});
    });
  });

  it('force: the owner tells it again, followers show it', async () => {
    const id = await employee();
    await forget(surveys, id);
    const result = await forceSync(world.system, 'Employee', id, { waitMs: 5_000 });
    expect(result.known).toBe(true);
    expect(result.followers.map(({ state }) => state)).toEqual(['shows', 'shows']);
    expect(await world.surveys.service.copies.SyncedEmployee.get(id)).toMatchObject({ id });
    expect(await forceSync(world.system, 'Employee', 'nobody', { waitMs: 100 })).toEqual({
      known: false,
      followers: [],
    });
    await expect(forceSync(world.system, 'Employe', 'x', { waitMs: 100 })).rejects.toThrow('Did you mean "Employee"?');
  });

  it('force: says what a follower waits for', async () => {
    const id = await employee();
    await forget(surveys, id);
    await sql(surveys, 'delete from sw_copy_company where sw_id = $1::text', [companyId]);
    const result = await forceSync(world.system, 'Employee', id, { waitMs: 5_000 });
    const at = result.followers.find(({ service }) => service === surveys);
    expect(at).toMatchObject({ state: 'parked', waitsFor: `Company ${companyId}` });
    const traced = await trace(world.system, 'Employee', id);
    expect(traced.consumers.find(({ service }) => service === surveys)).toMatchObject({
      state: 'parked',
      next: `seamwright doctor Company ${companyId}`,
    });
    await forceSync(world.system, 'Company', companyId, { waitMs: 5_000 });
    await until(async () => (await world.surveys.service.copies.SyncedEmployee.get(id)) !== null);
  });

  it('full: every follower that can list reads everything, through the client that its contract names', async () => {
    const id = await employee();
    await forget(surveys, id);
    const steps: number[] = [];
    const states = await fullSync(world.system, 'Employee', {
      service: surveys,
      repair: false,
      waitMs: 20_000,
      progress: (now) => steps.push(now.length),
    });
    expect(states).toMatchObject([{ service: surveys, joined: false, run: { state: 'done', rejected: 0 } }]);
    expect(states[0]?.run?.applied).toBeGreaterThanOrEqual(1);
    expect(await world.surveys.service.copies.SyncedEmployee.get(id)).toMatchObject({ id });
    expect(steps.length).toBeGreaterThan(0);
  }, 30_000);

  describe('doctor', () => {
    it('says that all is well', async () => {
      const id = await employee();
      const traced = await trace(world.system, 'Employee', id);
      expect(traced.owner).toMatchObject({ state: 'told', outbox: 0 });
      expect(traced.consumers.map(({ state }) => state)).toEqual(['newest', 'newest']);
      expect(traced.consumers.every(({ next }) => next === undefined)).toBe(true);
    });

    it('names the filter that holds a change back, with its place', async () => {
      const id = randomUUID();
      const state = { id, fullName: 'Held', email: 'h@mail.example', companyId, isActive: false, isDeleted: false };
      await world.people.service.transaction((tx) => tx.Employee.created({ ...state } as never));
      const traced = await trace(world.system, 'Employee', id);
      expect(traced.owner.state).toBe('held');
      expect(traced.owner.verdict).toMatch(
        /never told.*publish_when of Employee \(contracts\/easyplatform\/employee-sync\/feature\.yaml:\d+\) holds it back: entityData\.isActive/,
      );
      const silent = randomUUID();
      await world.people.service.transaction((tx) =>
        tx.Employee.created({ ...state, id: silent, isActive: true } as never, { dismissEvents: true }),
      );
      const other = await trace(world.system, 'Employee', silent);
      expect(other.owner.verdict).toContain('dismissEvents');
      expect((await trace(world.system, 'Employee', 'nobody')).owner.state).toBe('unknown');
    });

    it('tells older, missing, newer, queued and dead apart', async () => {
      const at = async (id: string) =>
        (await trace(world.system, 'Employee', id)).consumers.find(({ service }) => service === surveys);
      const id = await employee();
      await forget(surveys, id);
      expect(await at(id)).toMatchObject({ state: 'missing', next: `seamwright sync force Employee ${id}` });
      await world.surveys.stop();
      const put = { fullName: 'Renamed', email: `r${people}@mail.example`, companyId, isActive: true };
      await call(world.people, 'PUT', `/api/Employee/${id}`, put);
      await world.people.service.settled();
      expect(await at(id)).toMatchObject({ state: 'queued', queued: 1 });
      const found = await health(world.system);
      expect(found.findings).toContainEqual(
        expect.objectContaining({ service: surveys, severity: 'error', next: `start ${surveys}` }),
      );
      const [wire] = world.broker.messages(`${surveys}.entity-events`);
      await world.surveys.start();
      await world.settled();
      expect(await at(id)).toMatchObject({ state: 'newest' });
      const headers = { ...wire?.headers, 'sw-reason': 'rejected' };
      await forget(surveys, id);
      const dead = { exchange: '', key: `${surveys}.entity-events.dlq` };
      await world.broker.publish(dead, { headers, body: wire?.body ?? new Uint8Array() });
      expect(await at(id)).toMatchObject({ state: 'dead', dead: [{ reason: 'rejected' }] });
      const ill = await health(world.system);
      expect(ill.findings).toContainEqual(
        expect.objectContaining({
          problem: expect.stringContaining('1 dead letter'),
          next: `seamwright dlq list --service ${surveys}`,
        }),
      );
    });

    it('says what it cannot ask, and goes on', async () => {
      const broken = {
        ...world.system,
        services: world.system.services.map((service) =>
          service.name === surveys
            ? { ...service, read: () => Promise.reject(new (class extends Error {})('driver broke')) }
            : service,
        ),
      };
      await expect(health(broken)).rejects.toThrow('driver broke');
      const found = await health(world.system);
      const hiring = found.services.find(({ service }) => service === 'text-snippet-hiring');
      expect(hiring?.unreachable).toMatch(/holds no tables of it/);
      expect(found.topology).toContainEqual(expect.objectContaining({ name: 'text-snippet-hiring.control' }));
    });
  });
});
