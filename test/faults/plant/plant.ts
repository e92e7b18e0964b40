import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Broker } from '../../../runtime/brokers/broker.js';
import { brokerFor } from '../../../runtime/brokers/registry.js';
import { systemClock } from '../../../runtime/clock.js';
import { storeFor } from '../../../runtime/stores/registry.js';
import type { Store } from '../../../runtime/stores/store.js';
import { definitions, type ServiceName, serviceNames } from './definitions.js';
import { judge, type Scene, unfinished } from './judge.js';
import type { Truth } from './truth.js';

/** Anything that works for the plant, in this process or in one of its own. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Three services on one broker and a database of their own, seen by who stands outside: it plays tricks on them, and looks what became of it. */
export interface Plant extends Scene {
  readonly brokerUrl: string;
  readonly databaseUrl: string;
  readonly stores: Readonly<Record<ServiceName, Store>>;
  /** Runs SQL as a person at the database would, outside of all services. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Publishes until the broker has confirmed it. */
  poison(truth: Truth): Promise<void>;
  /**
   * Waits until `members` have finished everything, stops them, and looks whether it is really so; opens others when it is not. Answers what is still open
   * after `patienceMs`, and what is wrong.
   */
  verdict(truth: Truth, members: readonly Stoppable[], again: Again, patienceMs?: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type Again = () => Promise<readonly Stoppable[]>;

/** `servers` need not be the usual ones: tests that cut lines give the services others than the plant itself has. */
export async function openPlant(servers: { readonly broker: string; readonly database: string }): Promise<Plant> {
  const database = `plant_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await runSql(servers.database, `create database ${database}`);
  const url = new URL(servers.database);
  url.pathname = `/${database}`;
  const databaseUrl = url.href;
  const broker = await brokerFor(servers.broker);
  const stores = { a: storeFor(databaseUrl, 'a'), b: storeFor(databaseUrl, 'b'), c: storeFor(databaseUrl, 'c') };
  for (const name of serviceNames) {
    await stores[name].prepare(Object.values(definitions[name].copies).map(({ table }) => table));
    // So that nothing is told before who follows is there to hear it.
    await broker.declare(definitions[name].topology);
  }
  const scene = { broker, stores };
  return {
    ...scene,
    brokerUrl: servers.broker,
    databaseUrl,
    sql: (text) => runSql(databaseUrl, text),
    poison: (truth) => persistently(broker, truth),
    async verdict(truth, members, again, patienceMs = 60_000) {
      const end = Date.now() + patienceMs;
      for (let working = members; ; working = await again()) {
        const open = await waitUntil(async () => (await unfinished(scene)).length === 0, end);
        await Promise.all(working.map((one) => one.stop()));
        const left = await unfinished(scene);
        if (left.length === 0) return judge(scene, truth);
        if (!open || Date.now() > end) {
          const still = left.map((line) => `still open after ${patienceMs} ms: ${line}`);
          return [...still, ...(await judge(scene, truth))];
        }
      }
    },
    async close() {
      await broker.close();
      await Promise.all(Object.values(stores).map((store) => store.close()));
    },
  };
}

async function persistently(broker: Broker, truth: Truth): Promise<void> {
  const message = truth.nextPoison();
  for (;;) {
    try {
      return await broker.publish({ exchange: '', key: definitions.c.queue ?? '' }, message);
    } catch {
      await systemClock.sleep(50);
    }
  }
}

/** Whether `condition` came true in time. What it rejects with while servers are away does not count. */
async function waitUntil(condition: () => Promise<boolean>, end: number): Promise<boolean> {
  for (;;) {
    if (await condition().catch(() => false)) return true;
    if (Date.now() > end) return false;
    await systemClock.sleep(50);
  }
}

async function runSql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
