import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';
import { systemClock } from '../../runtime/clock.js';
import { UnavailableError } from '../../runtime/errors.js';
import { describeWith } from '../conformance/at-hand.js';
import { until } from '../conformance/rabbitmq/under-test.js';
import { fastClock } from './plant/clock.js';
import { openPlant, type Plant } from './plant/plant.js';
import { rabbitmqAndPostgres, type Servers, startServers } from './plant/servers.js';
import { openSite, type Site, type SiteOptions } from './plant/site.js';

const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20_261_120);
const said = `seed ${seed}`;

describeWith('servers and lines in trouble', rabbitmqAndPostgres, () => {
  let servers: Servers;
  let brokerUrl: string;
  let plant: Plant;
  const lines: TcpProxy[] = [];

  beforeAll(async () => {
    servers = await startServers(1);
    // One for all: each test leaves empty queues behind.
    brokerUrl = servers.freshBroker();
  });
  afterAll(() => servers?.dispose());
  beforeEach(async () => {
    plant = await openPlant({ broker: brokerUrl, database: servers.postgres.url });
  });
  afterEach(async () => {
    await plant.close();
    await Promise.all(lines.splice(0).map((line) => line.close()));
  });

  async function site(options: Partial<SiteOptions> = {}): Promise<Site> {
    // What was refused is tried again after 30 seconds at most: three of this clock.
    const clock = fastClock(Date.now(), 10);
    const opened = await openSite(plant, { seed, member: { clock }, ...options });
    opened.begin();
    await opened.progress(40);
    return opened;
  }

  async function lineTo(port: number): Promise<TcpProxy> {
    const line = await tcpProxy({ port });
    lines.push(line);
    return line;
  }

  it('the broker is killed and comes back, twice', async () => {
    const running = await site();
    for (let time = 0; time < 2; time++) {
      await servers.rabbitmq.kill();
      // Owners go on meanwhile: what they say waits in their outboxes.
      await running.progress(30);
      await servers.rabbitmq.start();
      await running.progress(30);
    }
    expect(await running.finish(), said).toEqual([]);
  });

  it('the lines to the broker are cut, again and again', async () => {
    const line = await lineTo(servers.rabbitmq.port);
    const running = await site({ brokerUrl: line.through(plant.brokerUrl) });
    for (const how of ['reset', 'end', 'reset', 'end', 'reset'] as const) {
      line.cut(how);
      await running.progress(20);
    }
    line.fail({ refuse: true });
    line.cut('reset');
    await running.progress(20);
    line.fail({});
    expect(await running.finish(), said).toEqual([]);
  });

  it('the lines to the broker fall silent', async () => {
    const line = await lineTo(servers.rabbitmq.port);
    const running = await site({
      brokerUrl: `${line.through(plant.brokerUrl)}?heartbeat=1&connection_timeout=1000`,
    });
    line.fail({ halfOpen: true });
    await running.progress(30);
    await outboxGrows();
    line.fail({});
    expect(await running.finish(), said).toEqual([]);
  });

  it('the lines to the database are cut, again and again', async () => {
    const line = await lineTo(servers.postgres.port);
    const running = await site({ databaseUrl: line.through(plant.databaseUrl) });
    for (const how of ['reset', 'end', 'reset', 'end', 'reset'] as const) {
      line.cut(how);
      await running.progress(20);
    }
    expect(await running.finish(), said).toEqual([]);
  });

  it('the lines to the database fall silent', async () => {
    const line = await lineTo(servers.postgres.port);
    const running = await site({
      databaseUrl: `${line.through(plant.databaseUrl)}?statement_timeout=1000&idle_in_transaction_session_timeout=1000`,
    });
    line.fail({ halfOpen: true });
    // It waits for an answer that never comes, and nobody tells it so.
    const asked = running.members[1]?.service.transaction((tx) => tx.query('select 1'));
    const answer = asked?.then(
      () => 'answered',
      (error: unknown) => error,
    );
    expect(await Promise.race([answer, systemClock.sleep(500).then(() => 'silent')])).toBe('silent');
    line.fail({});
    expect(await answer).toBeInstanceOf(UnavailableError);
    await running.progress(20);
    expect(await running.finish(), said).toEqual([]);
  });

  it('the lines are slow', async () => {
    const [toBroker, toDatabase] = [await lineTo(servers.rabbitmq.port), await lineTo(servers.postgres.port)];
    const running = await site({
      brokerUrl: toBroker.through(plant.brokerUrl),
      databaseUrl: toDatabase.through(plant.databaseUrl),
    });
    toBroker.fail({ latencyMs: 20, bytesPerSecond: 100_000 });
    toDatabase.fail({ latencyMs: 5, bytesPerSecond: 500_000 });
    await running.progress(20);
    expect(await running.finish(), said).toEqual([]);
  });

  it('the database is killed and comes back, twice', async () => {
    const running = await site();
    for (let time = 0; time < 2; time++) {
      await servers.postgres.kill();
      await servers.postgres.start();
      await running.progress(30);
    }
    expect(await running.finish(), said).toEqual([]);
  });

  it.each(['c.sw_inbox', 'c.sw_copy_employee', 'c.sw_parked', 'b.sw_outbox'])(
    'the disk of the database is full when %s is written',
    async (table) => {
      const running = await site();
      const [schema] = table.split('.');
      await plant.sql(`create function ${schema}.full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
        create trigger full_disk before insert or update on ${table} execute function ${schema}.full_disk()`);
      const before = await refusals();
      // An owner that can write nothing takes no turn at all; the others go on.
      if (schema === 'c') await running.progress(60);
      await until(async () => (await refusals()) > before, 30_000);
      await plant.sql(`drop trigger full_disk on ${table}`);
      await running.progress(20);
      expect(await running.finish(), said).toEqual([]);
    },
  );

  /** Transactions of the database that were rolled back. */
  async function refusals(): Promise<number> {
    const [row] = await plant.sql(
      'select xact_rollback::int as count from pg_stat_database where datname = current_database()',
    );
    return Number(row?.count);
  }

  /** Nothing leaves it: the broker takes no messages. */
  function outboxGrows(): Promise<void> {
    return until(async () => Number((await plant.sql('select count(*) from b.sw_outbox'))[0]?.count) > 10, 30_000);
  }

  it('the disk of the broker is full', async () => {
    const running = await site();
    await servers.rabbitmq.ctl('set_disk_free_limit', '999999999999999');
    await running.progress(40);
    await outboxGrows();
    await servers.rabbitmq.ctl('set_disk_free_limit', '1000000');
    expect(await running.finish(), said).toEqual([]);
  });
});
