import { randomUUID } from 'node:crypto';
import { encode } from 'seamwright/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDeadLetters } from '../../generator/operate/dead-letters.js';
import { type DroppedRecord, dropDeadLetters } from '../../generator/operate/drop.js';
import { replayDeadLetters } from '../../generator/operate/replay.js';
import { showDeadLetter } from '../../generator/operate/show-dead-letter.js';
import { purgedNote } from '../../runtime/purge.js';
import { type OperateWorld, startOperateWorld, until } from './world.js';

const surveysQueue = 'text-snippet-surveys.entity-events';
const waitMs = 5_000;

describe('dead letters of a running system', () => {
  let world: OperateWorld;
  beforeAll(async () => {
    world = await startOperateWorld();
  }, 60_000);
  afterAll(() => world.stop());

  const company = { id: '', name: 'Northwind', isActive: true, isDeleted: false };
  /** A message that a service could not take, as its runtime leaves it; aimed at no consumer when none is named. */
  async function bury(
    change: { readonly id?: string; readonly at?: string; readonly consumer?: string; readonly data?: object } = {},
  ): Promise<{ readonly messageId: string; readonly companyId: string }> {
    const messageId = randomUUID();
    const companyId = change.id ?? randomUUID();
    const time = change.at ?? '2026-01-01T00:00:00.000000Z';
    const data = change.data ?? {
      messageId,
      createdUtcDate: time,
      crudAction: 'Created',
      isForceSync: false,
      entityData: { ...company, id: companyId },
    };
    const wire = encode({
      ...{ id: messageId, source: 'accounts', type: 'CompanyEntityEventBusMessage', time, subject: companyId },
      ...{ op: 'created', correlationid: `about-${companyId}`, dataversion: '1', data },
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    const headers = {
      ...wire.headers,
      'sw-reason': 'attempts-exhausted',
      'sw-queue': surveysQueue,
      'sw-attempts': '8',
      'sw-first-error': 'Error:%20first',
      'sw-last-error': `Error:%20could%20not%20take%20${companyId}`,
      'sw-first-failed-at': String(Date.now() - 120_000),
      'sw-last-failed-at': String(Date.now() - 60_000),
      ...(change.consumer && { 'sw-consumer': change.consumer }),
    };
    await world.broker.publish({ exchange: '', key: `${surveysQueue}.dlq` }, { headers, body: wire.body });
    return { messageId, companyId };
  }
  const replay = (ids: readonly string[], more: { readonly perSecond?: number; readonly force?: boolean } = {}) =>
    replayDeadLetters(world.system, { ids }, { waitMs, ...more });

  it('lists what they are and why, and filters by everything', async () => {
    const { messageId, companyId } = await bury({ consumer: 'text-snippet-surveys.Company' });
    await expect(listDeadLetters(world.system, { service: 'text-snippet-survey' }, { limit: 1 })).rejects.toThrow(
      'there is no service "text-snippet-survey"',
    );
    const all = await listDeadLetters(world.system, {}, { limit: 100 });
    expect(all.found).toMatchObject([
      {
        id: messageId,
        service: 'text-snippet-surveys',
        message: 'CompanyEntityEventBusMessage',
        entity: 'Company',
        entityId: companyId,
        reason: 'attempts-exhausted',
        consumers: ['text-snippet-surveys.Company'],
        attempts: 8,
        firstError: 'Error: first',
        lastError: `Error: could not take ${companyId}`,
      },
    ]);
    const found = [
      { service: 'text-snippet-surveys' },
      { reason: 'attempts-exhausted' },
      { message: 'CompanyEntityEventBusMessage' },
      { consumer: 'Company' },
      { consumer: 'text-snippet-surveys.Company' },
      { entity: 'Company', entityId: companyId },
      { since: Date.now() - 90_000 },
    ];
    for (const filter of found) expect(await world.ids(filter), JSON.stringify(filter)).toEqual([messageId]);
    const none = [
      { service: 'accounts' },
      { reason: 'conflict' },
      { message: 'Other' },
      { consumer: 'User' },
      { entity: 'User', entityId: companyId },
      { since: Date.now() - 30_000 },
    ];
    for (const filter of none) expect(await world.ids(filter), JSON.stringify(filter)).toEqual([]);
    await replay([messageId]);
  });

  it('says what a replay would do, and writes nothing while it looks', async () => {
    const { messageId, companyId } = await bury();
    const [letter] = (await listDeadLetters(world.system, { ids: [messageId] }, { limit: 1 })).found;
    const shown = await showDeadLetter(world.system, letter as never, { reveal: false });
    expect(shown).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      body: { entityData: { id: companyId, name: 'Northwind' } },
      redacted: false,
      outlooks: [{ consumer: 'text-snippet-surveys.Company', verdict: 'applied' }],
    });
    expect(shown.outlooks[0]).not.toHaveProperty('has');
    expect(await world.surveys.service.copies.Company.get(companyId)).toBeNull();
    await replay([messageId]);
    await bury({ id: companyId, at: '2025-01-01T00:00:00.000000Z' });
    const [stale] = (await listDeadLetters(world.system, { entityId: companyId, entity: 'Company' }, { limit: 1 }))
      .found;
    const outlook = await showDeadLetter(world.system, stale as never, { reveal: false });
    expect(outlook.outlooks).toMatchObject([{ verdict: 'stale', has: expect.stringMatching(/^0\/17672/) }]);
    await replay([stale?.id ?? '']);
  });

  it('shows no personal value unless it is asked to', async () => {
    const email = 'ada@mail.example';
    const entityData = { id: randomUUID(), email, fullName: 'Ada Byron' };
    const messageId = randomUUID();
    const wire = encode({
      ...{ id: messageId, source: 'accounts', type: 'UserEntityEventBusMessage', time: '2026-01-01T00:00:00Z' },
      ...{
        correlationid: 'x',
        data: { messageId, createdUtcDate: '2026-01-01T00:00:00Z', crudAction: 'Created', entityData },
      },
    });
    const headers = { ...wire.headers, 'sw-reason': 'rejected', 'sw-last-error': `Error:%20no%20mailbox%20${email}` };
    await world.broker.publish({ exchange: '', key: `${surveysQueue}.dlq` }, { ...wire, headers });
    const [letter] = (await listDeadLetters(world.system, { ids: [messageId] }, { limit: 1 })).found;
    const shown = await showDeadLetter(world.system, letter as never, { reveal: false });
    const { envelope: _, wire: __, ...facts } = shown.letter;
    expect(JSON.stringify([facts, shown.headers, shown.body])).not.toMatch(/ada@mail|Ada Byron/);
    expect(shown.redacted).toBe(true);
    const open = await showDeadLetter(world.system, letter as never, { reveal: true });
    expect(JSON.stringify(open.body)).toContain(email);
    await dropDeadLetters(world.system, { ids: [messageId] }, { why: 'test', keep: async () => {} });
  });

  it('replays to the queue of the consumer alone, keeps the id, and tells what became of each', async () => {
    const fresh = await bury();
    const old = await bury({ id: fresh.companyId, at: '2025-06-01T00:00:00.000000Z' });
    const again = await bury();
    await replay([again.messageId]);
    const twice = { ...(await bury({ id: again.companyId, data: wireData(again) })), ...{} };
    const ids = [fresh.messageId, old.messageId, twice.messageId];
    const insights = await world.insights.service.copies.Company.get(fresh.companyId);
    const replayed = await replay(ids);
    expect(replayed.map(({ outcomes }) => outcomes)).toEqual([
      { 'text-snippet-surveys.Company': 'applied' },
      { 'text-snippet-surveys.Company': 'stale' },
      { 'text-snippet-surveys.Company': 'duplicate' },
    ]);
    expect(await world.ids()).toEqual([]);
    expect(await world.surveys.service.copies.Company.get(fresh.companyId)).toMatchObject({ name: 'Northwind' });
    // The other follower of the same event must not get it again.
    expect(await world.insights.service.copies.Company.get(fresh.companyId)).toEqual(insights);
    expect(insights).toBeNull();
    const notes = await world
      .store('text-snippet-surveys')
      .transaction((tx) => tx.query("select name from sw_note where name like 'replay:%'"));
    expect(notes).toEqual([]);
  });

  /** The same message as one that was replayed before, under another dead letter. */
  function wireData({ messageId, companyId }: { readonly messageId: string; readonly companyId: string }): object {
    const time = '2026-01-01T00:00:00.000000Z';
    return {
      ...{ messageId, createdUtcDate: time, crudAction: 'Created', isForceSync: false },
      entityData: { ...company, id: companyId },
    };
  }

  it('tells what failed again, and leaves it in the dead letters once', async () => {
    const { messageId } = await bury({ data: { nothing: 'of the contract' } });
    const [result] = await replay([messageId]);
    expect(result?.outcomes).toEqual({ 'text-snippet-surveys': 'dead: schema-invalid' });
    expect(await world.ids()).toEqual([messageId]);
    await dropDeadLetters(world.system, { ids: [messageId] }, { why: 'test', keep: async () => {} });
  });

  it('refuses what is older than the memory of the service, unless it is forced', async () => {
    const note = (text: string | null) =>
      world.store('text-snippet-surveys').transaction((tx) => tx.setNote(purgedNote, text));
    const { messageId } = await bury();
    await note(String(Date.parse('2026-02-01T00:00:00Z')));
    const [refused] = await replay([messageId]);
    expect(Object.values(refused?.outcomes ?? {})).toEqual([expect.stringMatching(/^refused: older than/)]);
    expect(await world.ids()).toEqual([messageId]);
    const [forced] = await replay([messageId], { force: true });
    expect(forced?.outcomes).toEqual({ 'text-snippet-surveys.Company': 'applied' });
    await note(null);
  });

  it('keeps the rate', async () => {
    const buried = await Promise.all([bury(), bury(), bury(), bury()]);
    const startedAt = performance.now();
    await replay(
      buried.map(({ messageId }) => messageId),
      { perSecond: 20 },
    );
    // Three pauses of 50 ms between four messages.
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it('stops between two messages when it is told to, and loses none', async () => {
    const buried = await Promise.all([bury(), bury(), bury()]);
    const ids = buried.map(({ messageId }) => messageId);
    const stop = new AbortController();
    const clock = {
      ...world.system.clock,
      sleep: async () => stop.abort(),
    };
    const system = { ...world.system, clock };
    const replayed = await replayDeadLetters(system, { ids }, { waitMs, perSecond: 1, signal: stop.signal });
    expect(replayed.length).toBeLessThan(3);
    const left = await world.ids({ ids });
    expect(left.length + replayed.length).toBe(3);
    await replay(left);
    await until(async () => (await world.ids()).length === 0);
  });

  it('drops only after the record is kept', async () => {
    const { messageId } = await bury();
    const fails = { why: 'disk full', keep: () => Promise.reject(new Error('no space left')) };
    await expect(dropDeadLetters(world.system, { ids: [messageId] }, fails)).rejects.toThrow('no space left');
    expect(await world.ids()).toEqual([messageId]);
    const kept: DroppedRecord[] = [];
    await dropDeadLetters(
      world.system,
      { ids: [messageId] },
      { why: 'obsolete', keep: async (record) => void kept.push(record) },
    );
    expect(await world.ids()).toEqual([]);
    expect(kept).toMatchObject([{ id: messageId, why: 'obsolete', queue: surveysQueue }]);
    const body = JSON.parse(Buffer.from(kept[0]?.bodyBase64 ?? '', 'base64').toString());
    expect(body).toMatchObject({ messageId });
  });

  it('says that nobody consumes, when the service does not run', async () => {
    const { messageId } = await bury();
    await world.surveys.stop();
    const [result] = await replay([messageId]);
    expect(result?.outcomes).toEqual({ 'text-snippet-surveys': 'nobody consumes' });
    expect(await world.ids()).toEqual([]);
    await world.surveys.start();
    await until(async () => (await world.surveys.service.copies.Company.list()).length > 0);
  });
});
