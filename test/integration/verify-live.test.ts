import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../harness/live/servers/server.js';
import type { VerifyResult } from '../../harness/result.js';
import { type AtHand, atHand, describeWith, serverKinds } from '../conformance/at-hand.js';

const root = new URL('../..', import.meta.url).pathname;
const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
const program = ['-C', 'seamwright-source', '--import', loader, join(root, 'generator/cli/main.ts')];

type Variables = Readonly<Record<string, string>>;

function start(cwd: string, args: readonly string[], variables: Variables = {}): ChildProcess {
  return spawn(process.execPath, [...program, ...args], { cwd, env: { ...process.env, ...variables } });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += String(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += String(chunk);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

async function verifyLive(cwd: string, args: readonly string[], variables: Variables) {
  const done = await ended(start(cwd, ['verify', ...args, '--level', 'live', '--format', 'json'], variables));
  expect(done.err).toBe('');
  expect(done.out).toMatch(/^\{"services":/);
  const { services, summary } = JSON.parse(done.out) as VerifyResult;
  const scenarios = services.flatMap((service) => service.scenarios);
  return { code: done.code, summary, scenarios };
}

async function bothAtHand(): Promise<AtHand> {
  const [rabbitmq, postgres] = [await atHand(serverKinds.rabbitmq), await atHand(serverKinds.postgres)];
  return 'url' in rabbitmq ? ('missing' in postgres ? postgres : { url: rabbitmq.url }) : rabbitmq;
}

describeWith('a service on RabbitMQ and PostgreSQL', await bothAtHand(), (url) => {
  it('keeps its promises among duplicates, old messages, a kill and a cut', async () => {
    const scenarios = ['duplicate', 'stale-after-delete', 'crash-mid-handler', 'connection-cut'];
    const place = [
      'contracts/easyplatform',
      '--service',
      'text-snippet-surveys',
      '--scenario',
      scenarios.join(),
      '--runs',
      '1',
    ];
    const database = await atHand(serverKinds.postgres);
    const variables = { SEAMWRIGHT_BROKER_URL: url, SEAMWRIGHT_DATABASE_URL: 'url' in database ? database.url : '' };
    const result = await verifyLive(root, place, variables);
    expect(result.scenarios.map(({ scenario, status, reason }) => [scenario, status, reason])).toEqual(
      expect.arrayContaining(scenarios.map((scenario) => [scenario, 'passed', undefined])),
    );
    expect(result.code).toBe(0);
    for (const { targets } of result.scenarios)
      expect(targets?.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['copy:Company', 'copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey']),
      );
  });
});

async function pythonAtHand(): Promise<AtHand> {
  if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'no python3 on this machine' };
  return atHand(serverKinds.redis);
}

describeWith('the service in Python', await pythonAtHand(), (url) => {
  let folder = '';
  const variables = (): Variables => ({ SEAMWRIGHT_BROKER_URL: url, TMPDIR: join(folder, 'tmp') });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'seamwright-python-'));
    cpSync(join(root, 'examples/python-service'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, 'tmp'));
    symlinkSync(root, join(folder, 'node_modules/seamwright'));
    const { code, out, err } = await ended(start(folder, ['generate']));
    expect(code, out + err).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps its promises', async () => {
    const scenarios = 'stale-after-delete,poison,crash-mid-handler,connection-cut';
    const { code, summary } = await verifyLive(folder, ['--service', 'search', '--scenario', scenarios], variables());
    expect([code, summary]).toEqual([0, { passed: 4, failed: 0, skipped: 0 }]);
  });

  it('is found out when it takes messages as they come', async () => {
    const naive = { ...variables(), NAIVE: '1' };
    const wanted = ['--service', 'search', '--scenario', 'out-of-order,stale-after-delete', '--runs', '1'];
    const { code, scenarios } = await verifyLive(folder, wanted, naive);
    expect(code).toBe(1);
    const found = Object.fromEntries(scenarios.map(({ scenario, failure }) => [scenario, failure?.invariant]));
    expect(found).toEqual({
      'out-of-order': 'converged',
      'stale-after-delete': 'deleted-stays-deleted',
    });
  });

  it('is stopped, and all that was made for it removed, when somebody interrupts', async () => {
    const child = start(folder, ['verify', '--level', 'live', '--service', 'search'], variables());
    const end = ended(child);
    onTestFinished(() => void child.kill('SIGKILL'));
    await eventually(async () => {
      if (!scratchFolders().some((name) => existsSync(join(folder, 'tmp', name, 'search.sqlite'))))
        throw new Error('it has not started');
    });
    expect(processesIn(folder).length).toBeGreaterThan(1);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(scratchFolders()).toEqual([]);
    expect(processesIn(folder)).toEqual([]);
  });

  const scratchFolders = (): readonly string[] =>
    readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('seamwright-live-'));
});

/** Numbers of the processes that work in a folder. */
function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(join('/proc', name, 'cwd')) === folder;
    } catch {
      return false;
    }
  });
}

it('says what is missing', async () => {
  const wanted = ['verify', 'contracts/easyplatform', '--service', 'accounts', '--level', 'live'];
  const missing = async (variables: Variables): Promise<string> => {
    const { code, err } = await ended(start(root, wanted, { SEAMWRIGHT_DATABASE_URL: '', ...variables }));
    expect(code).toBe(2);
    return err;
  };
  expect(await missing({ SEAMWRIGHT_BROKER_URL: '' })).toMatch(
    /needs a real broker, and none is named: set SEAMWRIGHT_BROKER_URL/,
  );
  expect(await missing({ SEAMWRIGHT_BROKER_URL: 'private:none' })).toMatch(/takes rabbitmq, redis, nats, not "none"/);
});
