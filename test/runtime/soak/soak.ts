import { expect } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { type MemoryBroker, memoryBroker } from '../../../runtime/brokers/memory.js';
import type { Copy } from '../../../runtime/copies.js';
import type { EffectContext } from '../../../runtime/definition.js';
import type { OwnedEntity } from '../../../runtime/owned.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import type { Store } from '../../../runtime/stores/store.js';
import { encode } from '../../../runtime/wire.js';
import { type Chance, chanceOf } from './chance.js';
import { faultyUntilHealed } from './faults.js';
import { type Life, lifeOn } from './process.js';
import { definitions, type Entity, type Paid, queueOf, type ServiceName, serviceNames } from './system.js';

type Tx = ServiceTransaction &
  Readonly<Record<'Company' | 'Employee' | 'Tally', OwnedEntity<Entity>>> & {
    readonly publish: { Paid(message: Paid): Promise<void> };
  };
type Running = Service<Tx, Readonly<Record<string, Copy<Entity>>>>;

/** Everything of one run. `services` and `lives` change when a process is replaced. */
interface Soak {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly broker: MemoryBroker;
  readonly stores: Readonly<Record<ServiceName, Store>>;
  readonly services: Map<ServiceName, Running>;
  readonly lives: Map<ServiceName, Life>;
  /** The truth: live entities by name of the entity and id. */
  readonly truth: Map<string, Entity>;
  readonly payments: Set<string>;
  /** Employees that somebody was paid as. */
  readonly paid: Set<string>;
  /** Ids of messages that nobody can take, and of those that the broker said it has. */
  readonly poison: { readonly sent: Set<string>; readonly confirmed: Set<string> };
}

const none: ReadonlySet<string> = new Set();
const companyIds = ['c0', 'c1', 'c2'];
const employeeIds = ['e0', 'e1', 'e2', 'e3', 'e4'];

/** Plays the history of one seed, heals everything, waits, and looks. Fails with the seed in the message. `around` breaks the stores on purpose. */
export async function soak(seed: number, around: (store: Store) => Store = (store) => store): Promise<void> {
  const clock = new VirtualClock();
  const chance = chanceOf(seed, clock);
  const { faults, heal } = faultyUntilHealed(chance);
  const broker = memoryBroker({ clock, random: chance, faults });
  const run: Soak = {
    ...{
      clock,
      chance,
      broker,
      services: new Map(),
      lives: new Map(),
      truth: new Map(),
      payments: new Set(),
      paid: new Set(),
    },
    ...{
      stores: { a: memoryStore(), b: around(memoryStore()), c: around(memoryStore()) },
      poison: { sent: new Set(), confirmed: new Set() },
    },
  };
  for (const name of serviceNames) await start(run, name);
  for (let step = 0; step < 60; step++) {
    await act(run);
    await clock.advance(chance.integer(800));
  }
  heal();
  broker.restore();
  for (const life of run.lives.values()) life.broker.restore();
  await completeReferences(run);
  await clock.advance(3_600_000);
  await judge(run, seed);
  for (const service of run.services.values()) await clock.run(service.stop());
}

/** One thing that happens, good or bad. */
async function act(run: Soak): Promise<void> {
  const { chance } = run;
  const roll = chance.integer(100);
  if (roll < 25) return change(run, 'a', 'Company', chance.one(companyIds));
  if (roll < 60) return change(run, 'b', 'Employee', chance.one(employeeIds));
  if (roll < 75) return pay(run);
  if (roll < 82) return restart(run, chance.one(serviceNames));
  if (roll < 86) return cut(run);
  if (roll < 90) return resync(run);
  if (roll < 94) {
    await run.services.get('c')?.sync.request('Employee', chance.one(employeeIds));
    return;
  }
  if (roll < 97) {
    await run.services.get('b')?.sync.force('Employee', chance.one(employeeIds));
    return;
  }
  return poison(run);
}

async function poison({ broker, poison: { sent, confirmed } }: Soak): Promise<void> {
  const id = `poison-${sent.size}`;
  const facts = { id, source: 'x', type: 'Paid', time: '2026-01-01T00:00:00Z', correlationid: 'x' };
  sent.add(id);
  try {
    await broker.publish({ exchange: '', key: queueOf('c') }, encode({ ...facts, data: 7 }));
    confirmed.add(id);
  } catch {
    // Refused, or kept without telling.
  }
}

async function change(run: Soak, owner: ServiceName, entity: 'Company' | 'Employee', id: string): Promise<void> {
  const { chance, truth } = run;
  const key = `${entity} ${id}`;
  const parent = entity === 'Employee' ? chance.one(['', ...companyIds]) : '';
  const state = { id, name: `name ${chance.integer(1e9)}`, parent, active: chance.happens(0.85) };
  const goes = truth.has(key) && chance.happens(0.25);
  await run.clock.run(
    running(run, owner).transaction((tx) => (goes ? tx[entity].deleted(id) : tx[entity].save(state))),
  );
  if (goes) truth.delete(key);
  else truth.set(key, state);
}

/** A payment, sometimes told twice in two messages. */
async function pay(run: Soak): Promise<void> {
  const payment = `p${run.payments.size}`;
  const message = { payment, employee: run.chance.one(employeeIds) };
  const times = run.chance.happens(0.3) ? 2 : 1;
  for (let time = 0; time < times; time++) {
    await run.clock.run(running(run, 'b').transaction((tx) => tx.publish.Paid(message)));
  }
  run.payments.add(payment);
  run.paid.add(message.employee);
}

async function restart(run: Soak, name: ServiceName): Promise<void> {
  // In the middle of whatever it does.
  for (let turn = run.chance.integer(30); turn > 0; turn--) await Promise.resolve();
  run.lives.get(name)?.kill();
  await run.clock.advance(run.chance.integer(500));
  await start(run, name);
}

async function start(run: Soak, name: ServiceName): Promise<void> {
  const life = lifeOn(run.broker, run.stores[name]);
  const service = createService<Tx, Readonly<Record<string, Copy<Entity>>>>(definitions[name], {
    ...{ broker: life.broker, store: life.store, clock: run.clock, random: run.chance, maxParked: 5, prefetch: 4 },
    handlers: { onPaid: handler(run, ''), onPaidToo: handler(run, 'too ') },
  });
  run.lives.set(name, life);
  run.services.set(name, service);
  await run.clock.run(service.start());
}

/** Counts the payment, and fails now and then after having done so. */
function handler({ chance }: Soak, prefix: string) {
  return async ({ event, tx }: EffectContext<Paid, Tx>): Promise<void> => {
    const id = `${prefix}${event.payment}`;
    const before = await tx.Tally.get(id);
    await tx.Tally.save({ id, name: `${Number(before?.name ?? 0) + 1}`, parent: '', active: true });
    if (chance.happens(0.1)) throw new Error('bad luck');
  };
}

async function cut({ chance, clock, lives }: Soak): Promise<void> {
  const connection = lives.get(chance.one(serviceNames))?.broker;
  connection?.cut();
  await clock.advance(chance.integer(2_000));
  connection?.restore();
}

async function resync(run: Soak): Promise<void> {
  const [from, to, entity] = run.chance.one([
    ['a', 'b', 'Company'],
    ['a', 'c', 'Company'],
    ['b', 'c', 'Employee'],
  ] as const);
  const options = { repair: run.chance.happens(0.3) };
  const fetchPage = (request: { readonly after?: string; readonly limit: number }) =>
    running(run, from).sync.snapshot(entity, { ...request, limit: 2 });
  await run.clock.run(running(run, to).sync.full(entity, fetchPage, options));
}

/** Nothing may wait for ever for want of what it refers to: that much is made good. Everything else stays as the history left it. */
async function completeReferences(run: Soak): Promise<void> {
  const { truth } = run;
  for (const id of run.paid) await complete(run, 'b', 'Employee', id);
  const parents = new Set([...truth.values()].map(({ parent }) => parent).filter((parent) => parent !== ''));
  for (const id of parents) await complete(run, 'a', 'Company', id);
}

async function complete(run: Soak, owner: ServiceName, entity: 'Company' | 'Employee', id: string): Promise<void> {
  const known = run.truth.get(`${entity} ${id}`);
  if (known?.active === true) return;
  const state = { ...(known ?? { id, name: 'at last', parent: '' }), active: true };
  await run.clock.run(running(run, owner).transaction((tx) => tx[entity].save(state)));
  run.truth.set(`${entity} ${id}`, state);
}

async function judge(run: Soak, seed: number): Promise<void> {
  const { clock, truth, broker } = run;
  const said = `seed ${seed}: `;
  for (const [follower, entity] of [
    ['b', 'Company'],
    ['c', 'Company'],
    ['c', 'Employee'],
  ] as const) {
    const rows = await clock.run(running(run, follower).copies[entity]?.list({ limit: 1_000 }) ?? Promise.resolve([]));
    const wanted = [...truth.entries()]
      // Only the copy of employees leaves out those that are not active.
      .filter(([key, { active }]) => key.startsWith(entity) && (active || entity === 'Company'))
      .map(([, state]) => projected(state));
    expect(rows, `${said}${follower}'s copy of ${entity}`).toEqual(wanted.sort((x, y) => (x.id < y.id ? -1 : 1)));
  }
  const tallies = await clock.run(running(run, 'c').transaction((tx) => tx.Tally.list({ limit: 1_000 })));
  const effects = [...run.payments].flatMap((payment) => [payment, `too ${payment}`]).sort();
  expect(tallies.map(({ id }) => id).sort(), `${said}payments that had their effects`).toEqual(effects);
  expect(
    tallies.filter(({ name }) => name !== '1'),
    `${said}effects that did not happen once`,
  ).toEqual([]);
  for (const name of serviceNames) {
    const consumers = [...Object.values(definitions[name].copies), ...definitions[name].effects];
    const left = await run.stores[name].transaction(async (tx) => ({
      outbox: (await tx.outboxBacklog()).count,
      parked: await Promise.all(consumers.map((consumer) => tx.countParked(consumer.name))),
    }));
    expect(left, `${said}left in ${name}`).toEqual({ outbox: 0, parked: consumers.map(() => 0) });
    // By id: the way into the dead letters doubles messages as well.
    const dead = new Set(broker.deadLetters(queueOf(name)).map(({ headers }) => headers['ce-id'] ?? 'no id'));
    const { sent, confirmed } = name === 'c' ? run.poison : { sent: none, confirmed: none };
    expect(
      [...dead].filter((id) => !sent.has(id)),
      `${said}sound dead letters of ${name}`,
    ).toEqual([]);
    expect(
      [...confirmed].filter((id) => !dead.has(id)),
      `${said}poison that vanished in ${name}`,
    ).toEqual([]);
    expect(broker.depth(queueOf(name)), `${said}queue of ${name}`).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  }
}

function projected({ id, name, parent }: Entity) {
  return { id, name, parent };
}

function running(run: Soak, name: ServiceName): Running {
  const service = run.services.get(name);
  if (service === undefined) throw new Error(`${name} was never started`);
  return service;
}
