import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import {
  createService,
  memoryBroker,
  postgresStore,
  type SagaControl,
  type SagaPlan,
  type Service,
} from 'seamwright/runtime';
import { transitionTable } from '../runtime/saga/table.js';
import { rawRun, rawTables } from './saga/raw.js';

const databaseUrl = process.env.SEAMWRIGHT_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const connections = 8;
const lanes = 32;
const steps = 6;
const targets = { loop: 0.7 } as const;

interface Measured {
  /** Transitions a second. */
  readonly rate: number;
  /** Processor time of this process, microseconds per transition. */
  readonly cpuUs: number;
}

/**
 * The engine's transitions a second on PostgreSQL against a loop written by hand with one statement per transition, in the same run. `--rounds N` (default
 * 3), `--runs N` (default 1000), `--format json`.
 */
export async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '3' },
      runs: { type: 'string', default: '1000' },
      format: { type: 'string', default: 'text' },
    },
  });
  const rounds = Number(values.rounds);
  const runs = Number(values.runs);
  const json = values.format === 'json';
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  const pairs: { readonly peer: Measured; readonly ours: Measured }[] = [];
  try {
    if (!json) {
      console.log(
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; ${runs} runs of ${steps} calls, median of ${rounds} rounds`,
      );
    }
    // One round that is not counted: compilers and caches warm up.
    for (let round = -1; round < rounds; round++) {
      const pair = { peer: await byHand(pool, runs), ours: await byEngine(pool, runs) };
      if (round >= 0) pairs.push(pair);
    }
  } finally {
    await pool.end();
  }
  const ratio = median(pairs.map(({ peer, ours }) => ours.rate / peer.rate));
  const rates = {
    peer: Math.round(median(pairs.map(({ peer }) => peer.rate))),
    ours: Math.round(median(pairs.map(({ ours }) => ours.rate))),
    cpuUs: { peer: median(pairs.map(({ peer }) => peer.cpuUs)), ours: median(pairs.map(({ ours }) => ours.cpuUs)) },
  };
  if (json) console.log(JSON.stringify({ ratios: { loop: ratio }, rates: { loop: rates }, targets }));
  else {
    console.log(`by hand  ${rates.peer} transitions/s, ${rates.cpuUs.peer.toFixed(0)} us`);
    console.log(`engine   ${rates.ours} transitions/s, ${rates.cpuUs.ours.toFixed(0)} us`);
    console.log(
      `loop     ${ratio.toFixed(2)} of the hand-written one, at least ${targets.loop} wanted: ${ratio >= targets.loop ? 'met' : 'MISSED'}`,
    );
  }
}

/** What every step of both calls: no network, so that only the engine is measured. */
const call = async (): Promise<object> => ({ reference: 'r-1' });

async function byHand(pool: pg.Pool, runs: number): Promise<Measured> {
  const schema = `bench_${randomUUID().slice(0, 8)}`;
  await pool.query(rawTables(schema));
  try {
    return await timed(async () => {
      let moved = 0;
      await sideBySide(runs, async (index) => {
        const count = await rawRun(pool, schema, `r${index}`, steps, call);
        moved += count;
      });
      return moved;
    });
  } finally {
    await pool.query(`drop schema ${schema} cascade`);
  }
}

async function byEngine(pool: pg.Pool, runs: number): Promise<Measured> {
  const schema = `bench_${randomUUID().slice(0, 8)}`;
  const store = postgresStore({ service: 'bench', schema, url: databaseUrl, max: connections });
  const retry = { attemptsMax: 3, backoff: 'fixed', initialMs: 100, maxMs: 100, jitter: 'none' } as const;
  const plan: SagaPlan = {
    ...{ name: 'bench', version: 'v1', style: 'orchestration' },
    steps: Array.from({ length: steps }, (_, index) => ({
      ...{ id: `s${index}`, kind: 'compensatable', retry, onFailure: 'compensate', onUnknown: 'retry-same-key' },
      action: { kind: 'call', provider: 'other', operation: 'act', with: { id: '$run.id' }, keyAs: 'key' },
      outputs: { reference: '$response.body#/reference' },
      compensate: { action: { kind: 'call', provider: 'other', operation: 'act', with: {} }, retry },
    })),
  };
  const service = createService(
    {
      ...{ system: 'bench', service: 'bench', owned: {}, publishes: {}, copies: {}, effects: [] },
      topology: { exchanges: [], queues: [] },
      sagas: [
        {
          ...{ plan, transitions: transitionTable(plan), property: 'bench', locals: [], messages: [] },
          id: (input) => String((input as { readonly id: string }).id),
        },
      ],
    },
    { store, broker: memoryBroker(), sagaCalls: { 'other.act': call } },
  ) as Service & { readonly sagas: { readonly bench: SagaControl<{ readonly id: string }> } };
  await service.start();
  try {
    return await timed(async () => {
      await sideBySide(runs, async (index) => {
        await service.sagas.bench.start({ id: `r${index}` });
      });
      const ended = `select count(*) filter (where status = 'completed')::int as ended from "${schema}".sw_saga`;
      for (const end = performance.now() + 300_000; ; ) {
        const { rows } = await pool.query<{ ended: number }>(ended);
        if (rows[0]?.ended === runs) break;
        if (performance.now() > end) throw new Error('the benchmark got stuck: five minutes without an end');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return runs * (steps + 1);
    });
  } finally {
    await service.stop();
    await store.close();
    await pool.query(`drop schema if exists "${schema}" cascade`);
  }
}

async function sideBySide(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}

/** `work` answers how many transitions it has made. */
async function timed(work: () => Promise<number>): Promise<Measured> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const count = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { rate: count / seconds, cpuUs: (user + system) / count };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
