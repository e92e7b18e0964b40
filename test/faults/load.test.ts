import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Queue } from '../../runtime/brokers/broker.js';
import { systemClock } from '../../runtime/clock.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { describeWith } from '../conformance/at-hand.js';
import { until } from '../conformance/rabbitmq/under-test.js';
import { chanceOf } from '../runtime/soak/chance.js';
import type { ServiceName } from './plant/definitions.js';
import { openMember } from './plant/member.js';
import { openPlant, type Plant } from './plant/plant.js';
import { bundledWorkers, type Workers } from './plant/processes.js';
import { rabbitmqAndPostgres, type Servers, startServers } from './plant/servers.js';
import { openSite, type Site, type SiteOptions } from './plant/site.js';
import type { Ports } from './plant/steps.js';
import { Truth } from './plant/truth.js';

const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20_261_120);
const said = `seed ${seed}`;

describeWith('more than usual', rabbitmqAndPostgres, () => {
  let servers: Servers;
  let workers: Workers;
  let plant: Plant;

  beforeAll(async () => {
    [servers, workers] = await Promise.all([startServers(8), bundledWorkers()]);
  });
  afterAll(async () => {
    await workers?.dispose();
    await servers?.dispose();
  });
  beforeEach(async () => {
    plant = await openPlant({ broker: servers.freshBroker(), database: servers.postgres.url });
  });
  afterEach(() => plant.close());

  const site = (options: Partial<SiteOptions> = {}): Promise<Site> => openSite(plant, { seed, ...options });

  it('every message comes twenty times', async () => {
    const running = await site({ around: () => publishing((send, ...sent) => repeat(20, () => send(...sent))) });
    running.begin();
    await running.progress(60);
    expect(await running.finish(), said).toEqual([]);
  });

  it('eight consumers share one queue', async () => {
    const running = await site({ copies: { c: 8 } });
    running.begin();
    await running.progress(150);
    expect(await running.finish(), said).toEqual([]);
  });

  it('two relays share one outbox, and send each message once, in the order of its key', async () => {
    const tap: Queue = {
      ...{ name: 'tap', service: 'tap', bindings: [{ exchange: 'events', key: 'b.#' }] },
      ...{ deadLetter: 'tap.dlq', maxDeliveries: 5, partitions: 1 },
    };
    await plant.broker.declare({ exchanges: [{ name: 'events', kind: 'topic' }], queues: [tap] });
    const heard: WireMessage[] = [];
    const tapped = await plant.broker.subscribe('tap', { prefetch: 100 }, async (delivery) => {
      heard.push(delivery.message);
      await delivery.ack();
    });
    const senders = new Set<number>();
    let opened = 0;
    const around = (service: ServiceName) => {
      const relay = service === 'b' ? opened++ : 0;
      return publishing(async (send, ...sent) => {
        if (service === 'b') senders.add(relay);
        await send(...sent);
      });
    };
    const running = await site({ copies: { b: 2 }, around });
    const both = running.members.filter(({ service }) => service.name === 'b');
    // Each wakes its own relay, while that of the other may still be at work on the same keys.
    for (let index = 0; index < 300; index++) {
      const state = { id: `e${index % 5}`, name: `name ${index}`, parent: '', active: true };
      await both[index % 2]?.perform([running.truth.save('Employee', state).action]);
    }
    expect(await running.finish(), said).toEqual([]);
    await until(async () => (await plant.broker.admin.depth(tap))?.ready === 0);
    await tapped.stop();
    expect(senders.size).toBe(2);
    const ids = heard.map(({ headers }) => headers['ce-id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(heard.length).toBeGreaterThan(50);
    expect(backwards(heard)).toEqual([]);
  });

  it('fifty employees stand before their company, and two are handed out at a time', async () => {
    const running = await site({ member: { prefetch: 2 } });
    for (let index = 0; index < 50; index++) {
      const state = { id: `e${index}`, name: 'early', parent: 'c0', active: true };
      await running.take(running.truth.save('Employee', state));
    }
    await running.take(running.truth.save('Company', { id: 'c0', name: 'late', parent: '', active: true }));
    expect(await running.finish(), said).toEqual([]);
  });

  it('a follower is five thousand messages behind', async () => {
    const count = 5_000;
    const truth = new Truth(chanceOf(seed, systemClock));
    const open = (service: ServiceName) =>
      openMember({ service, brokerUrl: plant.brokerUrl, databaseUrl: plant.databaseUrl, seed, prefetch: 50 });
    const a = await open('a');
    for (let done = 0; done < count; done += 100) {
      const states = Array.from({ length: 100 }, (_, index) => ({
        ...{ id: `c${(done + index) % 1_000}`, name: `name ${done + index}`, parent: '', active: true },
      }));
      for (const state of states) truth.save('Company', state);
      await a.service.transaction(async (tx) => {
        for (const state of states) await tx.Company.save(state);
      });
    }
    await until(async () => Number((await plant.sql('select count(*) from a.sw_outbox'))[0]?.count) === 0, 60_000);
    const rest = async () => [await open('b'), await open('c')];
    expect(await plant.verdict(truth, [a, ...(await rest())], rest), said).toEqual([]);
  });

  it('owners of an older contract lack what came later', async () => {
    const older = (message: WireMessage): WireMessage => {
      const { active: _, ...data } = JSON.parse(new TextDecoder().decode(message.body));
      const headers = { ...message.headers, 'ce-dataversion': '0' };
      return { headers, body: new TextEncoder().encode(JSON.stringify(data)) };
    };
    const running = await site({
      around: (service) =>
        publishing((send, address, message) => send(address, service === 'a' ? older(message) : message)),
    });
    running.begin();
    await running.progress(60);
    expect(await running.finish(), said).toEqual([]);
  });

  it('the clocks of owners and consumers are set back by an hour', async () => {
    const hourMs = 3_600_000;
    const truth = new Truth(chanceOf(seed, systemClock));
    const start = (service: ServiceName, more: object = {}) =>
      workers.start({
        ...{ service, brokerUrl: plant.brokerUrl, databaseUrl: plant.databaseUrl, seed, failing: 0.1, prefetch: 4 },
        ...{ clock: { originMs: 0, speed: 1 }, ...more },
      });
    const crew = { a: start('a'), b: start('b'), c: start('c') };
    const play = async (): Promise<void> => {
      for (const { service, action } of truth.turns(40)) expect(await crew[service].perform([action])).toBe(true);
    };
    await play();
    // While they run.
    for (const worker of Object.values(crew)) expect(await worker.perform([], -hourMs)).toBe(true);
    await play();
    // And between two of their lives, the first of which has died with messages in its hands.
    await crew.b.stop();
    const dying = start('b', { death: { step: 'before publish', nth: 1, latest: 600 } });
    const last = truth.pay('e0');
    await dying.perform([last.action]);
    expect((await dying.gone).step).toBe('before publish');
    for (const service of ['a', 'c'] as const) await crew[service].stop();
    const again = async () => (['a', 'b', 'c'] as const).map((service) => start(service, { clockOffsetMs: -hourMs }));
    const [a, b, c] = (await again()) as [typeof crew.a, typeof crew.b, typeof crew.c];
    Object.assign(crew, { a, b, c });
    for (const { service, action } of [last, ...truth.completing()]) {
      expect(await crew[service].perform([action])).toBe(true);
    }
    expect(await plant.verdict(truth, [a, b, c], again), said).toEqual([]);
  });
});

type Publish = Ports['broker']['publish'];

/** Changes how a service publishes. */
function publishing(change: (send: Publish, ...sent: Parameters<Publish>) => Promise<void>): (ports: Ports) => Ports {
  return ({ broker, store }) => {
    const send: Publish = (...sent) => broker.publish(...sent);
    const publish: Publish = (...sent) => change(send, ...sent);
    const changed = new Proxy(broker, {
      get(target, name) {
        const value: unknown = name === 'publish' ? publish : Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return { broker: changed, store };
  };
}

async function repeat(times: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: times }, work));
}

/** Messages of an entity that came after a newer one of it. */
function backwards(heard: readonly WireMessage[]): readonly string[] {
  const newest = new Map<string, bigint>();
  return heard.flatMap(({ headers }) => {
    if (headers['ce-sequence'] === undefined) return [];
    const key = `${headers['ce-type']} ${headers['ce-subject'] ?? headers['ce-partitionkey']}`;
    const sequence = BigInt(headers['ce-sequence']);
    const before = newest.get(key) ?? 0n;
    newest.set(key, sequence > before ? sequence : before);
    return sequence < before ? [`${key}: ${sequence} after ${before}`] : [];
  });
}
