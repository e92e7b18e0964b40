import { afterAll, beforeAll, expect, it } from 'vitest';
import { natsServer, natsServerPath } from '../../harness/live/servers/nats.js';
import { postgresPath, postgresServer } from '../../harness/live/servers/postgres.js';
import { redisServer } from '../../harness/live/servers/redis.js';
import { executable, type LiveServer } from '../../harness/live/servers/server.js';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';
import { describeWith } from '../conformance/at-hand.js';
import { campaign } from './plant/campaign.js';
import { fastClock } from './plant/clock.js';
import { openPlant, type Plant } from './plant/plant.js';
import { bundledWorkers, type Workers } from './plant/processes.js';
import { missing } from './plant/servers.js';
import { openSite } from './plant/site.js';

const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20_261_120);
const said = `seed ${seed}`;
const postgres = postgresPath() === undefined ? ['no postgres'] : [];

const kinds = {
  redis: {
    at: missing([...postgres, ...(executable('redis-server') === undefined ? ['no redis-server'] : [])]),
    // What was handed to a process that died comes back after its lease.
    start: () => redisServer({ settings: { appendfsync: 'always' } }),
    options: '?leaseMs=1000',
  },
  nats: {
    at: missing([...postgres, ...(natsServerPath() === undefined ? ['no nats-server'] : [])]),
    start: () => natsServer(),
    options: '',
  },
};

for (const [name, { at, start, options }] of Object.entries(kinds)) {
  describeWith(`services on ${name}`, at, () => {
    let broker: LiveServer;
    let database: LiveServer;
    let workers: Workers;
    let plant: Plant;
    beforeAll(async () => {
      const [started, ...others] = await Promise.all([start(), postgresServer(), bundledWorkers()]);
      if (started === null) throw new Error(`no ${name}`);
      broker = started;
      [database, workers] = others;
      // One for all: each test leaves empty queues behind.
      plant = await openPlant({ broker: `${broker.url}${options}`, database: database.url });
    });
    afterAll(async () => {
      await plant?.close();
      await workers?.dispose();
      await Promise.all([broker?.dispose(), database?.dispose()]);
    });

    it('a consumer may die between the steps that matter', async () => {
      const steps = ['before commit', 'after commit', 'before ack', 'after ack', 'before publish', 'after publish'];
      const { wrong, deaths } = await campaign(plant, workers, {
        ...{ seed, processes: { a: 1, b: 1, c: 2 }, mortal: ['c'], steps, deaths: 20 },
      });
      expect(wrong, said).toEqual([]);
      expect(deaths).toBeGreaterThanOrEqual(20);
    });

    it('the broker is killed, its lines are cut, and it comes back', async () => {
      await plant.close();
      plant = await openPlant({ broker: `${broker.url}${options}`, database: database.url });
      const line: TcpProxy = await tcpProxy({ port: broker.port });
      const clock = fastClock(Date.now(), 10);
      const running = await openSite(plant, {
        ...{ seed, brokerUrl: line.through(plant.brokerUrl), member: { clock } },
      });
      running.begin();
      await running.progress(20);
      for (const how of ['reset', 'end'] as const) {
        line.cut(how);
        await running.progress(10);
      }
      await broker.kill();
      await running.progress(20);
      await broker.start();
      await running.progress(20);
      // Dead letters of the test before are still there.
      const wrong = await running.finish();
      expect(
        wrong.filter((what) => !what.startsWith('dead letter poison-')),
        said,
      ).toEqual([]);
      await line.close();
    });
  });
}
