import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { memoryBroker } from '../../../runtime/brokers/memory.js';
import { systemRandom } from '../../../runtime/clock.js';
import { defaultRetry, outgoing } from '../../../runtime/define.js';
import { UsageError } from '../../../runtime/errors.js';
import type { ItemJobHandler, JobControl, JobDefinition, JobHandler } from '../../../runtime/jobs/definition.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import { storeFor } from '../../../runtime/stores/registry.js';
import type { Store } from '../../../runtime/stores/store.js';

interface Invoice {
  readonly residentId: string;
}
interface SalesTransaction extends ServiceTransaction {
  readonly publish: { InvoiceCreated(message: Invoice): Promise<void> };
}
type Sales = Service<SalesTransaction> & { readonly jobs: Readonly<Record<'invoices', JobControl>> };
type Work = JobHandler<SalesTransaction> | ItemJobHandler<string, SalesTransaction>;

const hourMs = 3_600_000;

/** Two instances of sales whose job writes an invoice per resident, and what they have told. */
function block(job: Partial<JobDefinition>, given: Store = memoryStore()) {
  const { store, busy } = given.kind === 'memory' ? { store: given, busy: () => false } : watched(given);
  const clock = new VirtualClock(undefined, busy);
  const broker = memoryBroker({ clock });
  const exchange = { name: 'sales.events', kind: 'topic' } as const;
  const told = { name: 'told', service: 'told', bindings: [{ exchange: exchange.name, key: '#' }] };
  const tap = { ...told, deadLetter: 'told.dlq', maxDeliveries: 1, partitions: 1 };
  const definition: JobDefinition = {
    ...{ name: 'sales.invoices', property: 'invoices', schedule: '0 * * * *', timezone: 'UTC' },
    ...{ attemptsMax: 3, retry: { ...defaultRetry, jitter: 'none' }, catchUp: 'none', forEach: true },
    ...job,
  };
  const instance = (work: Work, on: Store = store): Sales =>
    createService<SalesTransaction, object, { readonly jobs: Sales['jobs'] }>(
      {
        ...{ system: 'block', service: 'sales', owned: {}, copies: {}, effects: [], jobs: [definition] },
        publishes: {
          InvoiceCreated: outgoing<Invoice>({
            message: { name: 'InvoiceCreated', version: '1', validate: (data): data is Invoice => data !== null },
            address: { exchange: exchange.name, key: 'invoice' },
            outbox: true,
          }),
        },
        topology: { exchanges: [exchange], queues: [tap] },
      },
      { broker, clock, random: systemRandom, store: on, jobs: { invoices: work }, stopGraceMs: 1_000 },
    ) as Sales;
  /** Residents by invoices that were told of. */
  const invoices = () =>
    broker.messages('told').map(({ body }) => JSON.parse(new TextDecoder().decode(body)).residentId);
  return { clock, broker, store, instance, invoices };
}

const invoice: ItemJobHandler<string, SalesTransaction>['each'] = async ({ item, tx }) =>
  tx.publish.InvoiceCreated({ residentId: item });

function perResident(residents: readonly string[], each = invoice): ItemJobHandler<string, SalesTransaction> {
  return { items: () => residents, key: (resident) => resident, each };
}

function outcomes(service: Sales, name = 'seamwright.job.runs'): Readonly<Record<string, number>> {
  const found = service.metrics().filter((metric) => metric.name === name);
  return Object.fromEntries(found.map(({ attributes, value }) => [attributes.outcome, value]));
}

describe('a job', () => {
  it.each(['memory', 'pglite'])('runs each occurrence once over two instances on %s', async (kind) => {
    const store = kind === 'memory' ? memoryStore() : storeFor('pglite:', 'sales');
    const { clock, instance, invoices } = block({ schedule: '*/15 * * * * *' }, store);
    const work = perResident(['ada', 'bob', 'cleo']);
    const [one, two] = [instance(work), instance(work)];
    for (const service of [one, two]) await clock.run(service.start());
    await clock.advance(31_000);
    expect(invoices().sort()).toEqual(['ada', 'ada', 'bob', 'bob', 'cleo', 'cleo']);
    const done = (outcomes(one).done ?? 0) + (outcomes(two).done ?? 0);
    expect(done).toBe(2);
    expect(await clock.run(two.jobs.invoices.last())).toEqual({
      ...{ occurrence: '2026-01-01T00:00:30Z', state: 'done', attempt: 1, succeeded: 3, failed: 0 },
    });
    for (const service of [one, two]) await clock.run(service.stop());
    await store.close();
  });

  it.each(['memory', 'pglite'])(
    'goes on elsewhere after its instance has died, and does no item twice on %s',
    async (kind) => {
      const store = kind === 'memory' ? memoryStore() : storeFor('pglite:', 'sales');
      const { clock, instance, invoices, store: shared } = block({ schedule: '* * * * *' }, store);
      const residents = ['ada', 'bob', 'cleo', 'dan'];
      const process = mortal(shared);
      let died = false;
      const dying = instance(
        perResident(residents, async (context) => {
          if (context.item !== 'cleo') return invoice(context);
          died = true;
          process.kill();
        }),
        process.store,
      );
      await clock.run(dying.start());
      await clock.runUntil(() => died);
      const other = instance(perResident(residents));
      await clock.run(other.start());
      await clock.advance(45_000);
      expect(invoices().sort()).toEqual(residents);
      expect(await clock.run(other.jobs.invoices.last())).toMatchObject({
        state: 'done',
        attempt: 2,
        succeeded: 4,
        failed: 0,
      });
      expect(outcomes(other)).toEqual({ died: 1, done: 1 });
      expect(outcomes(other, 'seamwright.job.items')).toEqual({ repeated: 2, succeeded: 2 });
      await clock.run(other.stop());
      await store.close();
    },
  );

  it('counts items that fail and goes on with the others, then tries those again', async () => {
    const { clock, instance, invoices } = block({ attemptsMax: 2 });
    const tries: string[] = [];
    const service = instance(
      perResident(['ada', 'bob', 'cleo'], async (context) => {
        tries.push(context.item);
        if (context.item === 'bob' && context.attempt === 1) throw new Error('no address');
        return invoice(context);
      }),
    );
    await clock.run(service.start());
    await clock.advance(hourMs + 100);
    expect(await clock.run(service.jobs.invoices.last())).toMatchObject({ state: 'running', succeeded: 2, failed: 1 });
    await clock.advance(60_000);
    expect(await clock.run(service.jobs.invoices.last())).toMatchObject({
      state: 'done',
      attempt: 2,
      succeeded: 3,
      failed: 0,
    });
    expect(tries).toEqual(['ada', 'bob', 'cleo', 'bob']);
    expect(invoices().sort()).toEqual(['ada', 'bob', 'cleo']);
  });

  it('is not tried again with one attempt, tells what failed, and is healthy after the next run', async () => {
    const { clock, instance, invoices } = block({ attemptsMax: 1 });
    let fails = true;
    const service = instance(
      perResident(['ada', 'bob'], async (context) => {
        if (context.item === 'bob' && fails) throw new Error('no address');
        return invoice(context);
      }),
    );
    await clock.run(service.start());
    await clock.advance(hourMs + 30 * 60_000);
    expect(invoices()).toEqual(['ada']);
    expect(await clock.run(service.jobs.invoices.last())).toMatchObject({ state: 'failed', succeeded: 1, failed: 1 });
    expect((await clock.run(service.health())).checks.at(-1)).toEqual({
      ...{ name: 'jobs', status: 'failing', detail: 'the latest run of sales.invoices has failed' },
    });
    fails = false;
    await clock.advance(hourMs);
    expect((await clock.run(service.health())).checks.at(-1)).toEqual({ name: 'jobs', status: 'ok' });
  });

  it('that died with its only attempt has failed, and the next occurrence runs', async () => {
    const { clock, store, instance, invoices } = block({ attemptsMax: 1 });
    const process = mortal(store);
    let died = false;
    const dying = instance(
      perResident(['ada'], async () => {
        died = true;
        process.kill();
      }),
      process.store,
    );
    await clock.run(dying.start());
    await clock.runUntil(() => died);
    const other = instance(perResident(['ada']));
    await clock.run(other.start());
    await clock.advance(10 * 60_000);
    expect(await clock.run(other.jobs.invoices.last())).toMatchObject({ state: 'failed', attempt: 1, failed: 1 });
    expect(invoices()).toEqual([]);
    await clock.advance(hourMs);
    expect(invoices()).toEqual(['ada']);
  });

  it('breaks off when its items cannot be listed', async () => {
    const { clock, instance, invoices } = block({ attemptsMax: 1 });
    const service = instance({
      ...perResident([]),
      async *items() {
        yield 'ada';
        throw new Error('the list broke off');
      },
    });
    await clock.run(service.start());
    await clock.advance(hourMs + 1_000);
    expect(await clock.run(service.jobs.invoices.last())).toMatchObject({ state: 'failed', succeeded: 1, failed: 0 });
    expect(invoices()).toEqual(['ada']);
  });

  it('without items commits once with the fact that it ran', async () => {
    const { clock, instance, invoices } = block({ forEach: false });
    let tries = 0;
    const service = instance(async ({ tx, occurrence }) => {
      tries += 1;
      await tx.publish.InvoiceCreated({ residentId: occurrence });
      if (tries === 1) throw new Error('not yet');
    });
    await clock.run(service.start());
    await clock.advance(hourMs + 10 * 60_000);
    expect(invoices()).toEqual(['2026-01-01T01:00:00Z']);
    expect(await clock.run(service.jobs.invoices.last())).toMatchObject({ state: 'done', attempt: 2, succeeded: 1 });
  });

  it.each([
    ['none', []],
    ['last', ['2026-01-01T04:00:00Z']],
    ['all', ['2026-01-01T02:00:00Z', '2026-01-01T03:00:00Z', '2026-01-01T04:00:00Z']],
  ] as const)('catches up %s of what it missed', async (catchUp, caughtUp) => {
    const { clock, instance, invoices } = block({ forEach: false, catchUp });
    const work: Work = async ({ tx, occurrence }) => tx.publish.InvoiceCreated({ residentId: occurrence });
    const first = instance(work);
    await clock.run(first.start());
    await clock.advance(hourMs + 1_000);
    await clock.run(first.stop());
    await clock.advance(3 * hourMs);
    const second = instance(work);
    await clock.run(second.start());
    await clock.advance(60_000);
    expect(invoices()).toEqual(['2026-01-01T01:00:00Z', ...caughtUp]);
    await clock.advance(hourMs);
    expect(invoices().at(-1)).toBe('2026-01-01T05:00:00Z');
  });

  it('never began before its first instance', async () => {
    const { clock, instance, invoices } = block({ forEach: false, catchUp: 'all' });
    await clock.advance(5 * hourMs + 1_000);
    const service = instance(async ({ tx, occurrence }) => tx.publish.InvoiceCreated({ residentId: occurrence }));
    await clock.run(service.start());
    await clock.advance(hourMs);
    expect(invoices()).toEqual(['2026-01-01T06:00:00Z']);
  });

  it('that runs longer than its interval runs one at a time', async () => {
    const { clock, instance, invoices } = block({ forEach: false, schedule: '*/10 * * * *' });
    let atWork = 0;
    let most = 0;
    const work: Work = async ({ tx, occurrence, signal }) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await clock.sleep(25 * 60_000, signal).finally(() => {
        atWork -= 1;
      });
      await tx.publish.InvoiceCreated({ residentId: occurrence });
    };
    const services = [instance(work), instance(work)];
    for (const service of services) await clock.run(service.start());
    await clock.advance(65 * 60_000);
    expect([most, invoices()]).toEqual([1, ['2026-01-01T00:10:00Z', '2026-01-01T00:30:00Z']]);
    // Nobody took over a run whose instance was alive all the time.
    expect(services.map((service) => outcomes(service).died)).toEqual([undefined, undefined]);
    for (const service of services) await clock.run(service.stop());
  });

  it('is run by hand once per occurrence, whoever asks', async () => {
    const { clock, instance, invoices } = block({});
    const services = [instance(perResident(['ada', 'bob'])), instance(perResident(['ada', 'bob']))];
    for (const service of services) await clock.run(service.start());
    const ask = (occurrence: string) => services.map((service) => service.jobs.invoices.run({ occurrence }));
    const reports = await clock.run(Promise.all([...ask('2025-12-01T00:00:00Z'), ...ask('2025-12-01T01:00:00+01:00')]));
    expect(reports).toEqual(
      Array.from({ length: 4 }, () => ({
        ...{ occurrence: '2025-12-01T00:00:00Z', state: 'done', attempt: 1, succeeded: 2, failed: 0 },
      })),
    );
    await clock.advance(1_000);
    expect(invoices()).toEqual(['ada', 'bob']);
    const now = await clock.run((services[0] as Sales).jobs.invoices.run());
    expect(now.occurrence.startsWith('2026-01-01T00:00:')).toBe(true);
    await clock.advance(1_000);
    expect(invoices()).toHaveLength(4);
    await clock.advance(hourMs);
    expect(invoices()).toHaveLength(6);
    await expect((services[0] as Sales).jobs.invoices.run({ occurrence: 'tomorrow' })).rejects.toThrow(UsageError);
  });

  it('that has failed is run again by hand, for what failed, and tells what came of each occurrence', async () => {
    const { clock, instance, invoices } = block({ attemptsMax: 1 });
    let fails = true;
    const service = instance(
      perResident(['ada', 'bob'], async (context) => {
        if (context.item === 'bob' && fails) throw new Error('no address');
        return invoice(context);
      }),
    );
    await clock.run(service.start());
    const { run, report } = service.jobs.invoices;
    const occurrence = '2025-12-01T00:00:00Z';
    expect(await clock.run(report(occurrence))).toBeUndefined();
    expect(await clock.run(run({ occurrence }))).toMatchObject({ state: 'failed', succeeded: 1, failed: 1 });
    fails = false;
    expect(await clock.run(run({ occurrence }))).toMatchObject({ state: 'done', succeeded: 2, failed: 0 });
    await clock.run(run({ occurrence: '2025-11-01T00:00:00Z' }));
    expect(await clock.run(report(occurrence))).toMatchObject({ state: 'done', succeeded: 2, failed: 0 });
    await clock.advance(1_000);
    expect(invoices().sort()).toEqual(['ada', 'ada', 'bob', 'bob']);
  });

  it('that is stopped goes on elsewhere as the same try', async () => {
    const { clock, instance, invoices } = block({ attemptsMax: 1 });
    const residents = ['ada', 'bob', 'cleo'];
    let reached = false;
    const first = instance(
      perResident(residents, async (context) => {
        if (context.item === 'bob') {
          reached = true;
          await clock.sleep(hourMs, context.signal);
        }
        return invoice(context);
      }),
    );
    await clock.run(first.start());
    await clock.runUntil(() => reached);
    await clock.run(first.stop());
    expect(outcomes(first)).toEqual({ 'handed-over': 1 });
    const second = instance(perResident(residents));
    await clock.run(second.start());
    await clock.advance(5_000);
    expect(await clock.run(second.jobs.invoices.last())).toMatchObject({ state: 'done', attempt: 1, succeeded: 3 });
    expect(invoices().sort()).toEqual(residents);
  });

  it('that nobody has written is refused when the service is made', () => {
    const { instance } = block({});
    expect(() => instance(undefined as never)).toThrow(/job "invoices" has no items, key, each/);
  });
});

/** A store as a process sees it that can be killed: what it was about to do is rolled back, and nothing of it happens any more. */
function mortal(store: Store): { readonly store: Store; kill(): void } {
  let dead = false;
  let die: (reason: unknown) => void = () => {};
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  death.catch(() => {});
  const never = () => new Promise<never>(() => {});
  return {
    kill() {
      dead = true;
      die(new Error('killed'));
    },
    store: {
      ...store,
      async transaction(work) {
        if (dead) return never();
        try {
          const result = await store.transaction((tx) => Promise.race([work(tx), death]));
          return dead ? never() : result;
        } catch (error) {
          if (dead) return never();
          throw error;
        }
      },
    },
  };
}

/** A store that says whether it is at work: it takes real time, during which virtual time stands still. */
function watched(store: Store): { readonly store: Store; busy(): boolean } {
  let open = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    open += 1;
    try {
      return await work();
    } finally {
      open -= 1;
    }
  };
  return {
    busy: () => open > 0,
    store: {
      ...store,
      prepare: (tables) => counted(() => store.prepare(tables)),
      transaction: (work) => counted(() => store.transaction(work)),
    },
  };
}
