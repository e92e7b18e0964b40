import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { memoryBroker } from '../../../runtime/brokers/memory.js';
import { UsageError } from '../../../runtime/errors.js';
import { createService } from '../../../runtime/service.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import { accepted } from '../../../runtime/tasks/accepted.js';

async function reports() {
  const clock = new VirtualClock();
  const topology = { exchanges: [], queues: [] };
  const service = createService(
    { system: 'shop', service: 'reports', owned: {}, publishes: {}, copies: {}, effects: [], topology },
    { clock, broker: memoryBroker({ clock }), store: memoryStore() },
  );
  await clock.run(service.start());
  const inTx: typeof service.transaction = (work) => clock.run(service.transaction(work));
  return { clock, service, inTx, get: (id: string) => clock.run(service.tasks.get(id)) };
}

describe('a task', () => {
  it('tells how far it is and what came of it', async () => {
    const { inTx, get } = await reports();
    const { id } = await inTx((tx) => tx.tasks.start('export'));
    expect(await get(id)).toMatchObject({ id, kind: 'export', state: 'running' });
    await inTx((tx) => tx.tasks.progress(id, { done: 1, total: 3 }));
    expect(await get(id)).toMatchObject({ state: 'running', progress: { done: 1, total: 3 } });
    await inTx((tx) => tx.tasks.finish(id, { url: '/files/7' }));
    expect(await get(id)).toMatchObject({ state: 'done', result: { url: '/files/7' } });
  });

  it('begins and ends with the transaction, or not at all', async () => {
    const { inTx, get } = await reports();
    const broken = inTx(async (tx) => {
      await tx.tasks.start('export', { id: 'x' });
      throw new Error('no disk');
    });
    await expect(broken).rejects.toThrow('no disk');
    expect(await get('x')).toBeUndefined();
  });

  it('is one task however often it is started, and its first end counts', async () => {
    const { inTx, get } = await reports();
    const starts = await Promise.all([1, 2, 3].map(() => inTx((tx) => tx.tasks.start('export', { id: 'x' }))));
    expect(new Set(starts.map(({ startedAt }) => startedAt)).size).toBe(1);
    await inTx((tx) => tx.tasks.fail('x', 'no disk'));
    await inTx((tx) => tx.tasks.finish('x', 'late'));
    await inTx((tx) => tx.tasks.progress('x', { done: 1 }));
    const task = await get('x');
    expect(task).toMatchObject({ state: 'failed', problem: 'no disk' });
    expect(task).not.toHaveProperty('progress');
    expect(task).not.toHaveProperty('result');
  });

  it('keeps its end, whoever else speaks of it at the same time', async () => {
    const { inTx, get } = await reports();
    const all = inTx(async (tx) => {
      await tx.tasks.start('export', { id: 'x' });
      await tx.tasks.finish('x');
    });
    await Promise.all([all, inTx((tx) => tx.tasks.start('export', { id: 'x' }))]);
    expect(await get('x')).toMatchObject({ state: 'done' });
    await inTx((tx) => tx.tasks.start('export', { id: 'y' }));
    await Promise.all([inTx((tx) => tx.tasks.finish('y')), inTx((tx) => tx.tasks.progress('y', { done: 1 }))]);
    expect(await get('y')).toMatchObject({ state: 'done' });
  });

  it('that does not end in time has failed, until it ends after all', async () => {
    const { inTx, get, clock } = await reports();
    await inTx((tx) => tx.tasks.start('export', { id: 'x', timeoutMs: 5_000 }));
    await clock.advance(5_000);
    expect(await get('x')).toMatchObject({ state: 'failed', problem: 'it did not end in time' });
    await inTx((tx) => tx.tasks.finish('x'));
    expect(await get('x')).toMatchObject({ state: 'done' });
  });

  it('is forgotten some time after its last change', async () => {
    const { inTx, get, clock } = await reports();
    await inTx((tx) => tx.tasks.start('export', { id: 'x', keepMs: 60_000 }));
    await clock.advance(50_000);
    await inTx((tx) => tx.tasks.finish('x'));
    await clock.advance(50_000);
    expect(await get('x')).toMatchObject({ state: 'done' });
    await clock.advance(10_000);
    expect(await get('x')).toBeUndefined();
  });

  it.each(['', 'x'.repeat(201), 'a\0b'])('cannot be called %j', async (id) => {
    const { inTx, get } = await reports();
    await expect(inTx((tx) => tx.tasks.start('export', { id }))).rejects.toThrow(UsageError);
    await expect(get(id)).rejects.toThrow(UsageError);
  });

  it('of another kind or none at all is refused', async () => {
    const { inTx } = await reports();
    await inTx((tx) => tx.tasks.start('export', { id: 'x' }));
    await expect(inTx((tx) => tx.tasks.start('import', { id: 'x' }))).rejects.toThrow('of another kind, "export"');
    await expect(inTx((tx) => tx.tasks.finish('y'))).rejects.toThrow('there is no task "y"');
  });

  it('is answered with 202, where to ask and when', async () => {
    const { inTx } = await reports();
    const task = await inTx((tx) => tx.tasks.start('export', { id: 'x' }));
    expect(accepted(task, '/exports/x', { retryAfterMs: 1_200 })).toEqual({
      ...{ status: 202, headers: { location: '/exports/x', 'retry-after': '2' }, body: task },
    });
  });
});
