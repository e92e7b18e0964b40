import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

async function pythonAtHand(): Promise<AtHand> {
  if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'no python3 on this machine' };
  return atHand(serverKinds.redis);
}

const [both, python] = [await bothAtHand(), await pythonAtHand()];

// Most of the time they wait for processes to start and for nothing more to happen. Two at a time are as much as two cores take well.
describe.concurrent('verify at level live', () => {
  describeWith('a service on RabbitMQ and PostgreSQL', both, (url) => {
    it('keeps its promises among duplicates, old messages, a kill, a cut and requests that come twice', async () => {
      const scenarios = [
        'duplicate',
        'stale-after-delete',
        'crash-mid-handler',
        'connection-cut',
        'concurrent-same-key',
      ];
      const service = ['contracts/easyplatform', '--service', 'text-snippet-surveys'];
      const database = await atHand(serverKinds.postgres);
      const variables = { SEAMWRIGHT_BROKER_URL: url, SEAMWRIGHT_DATABASE_URL: 'url' in database ? database.url : '' };
      const result = await verifyLive(root, [...service, '--scenario', scenarios.join(), '--runs', '1'], variables);
      expect(result.scenarios.map(({ scenario, status, reason }) => [scenario, status, reason])).toEqual(
        expect.arrayContaining(scenarios.map((scenario) => [scenario, 'passed', undefined])),
      );
      expect(result.code).toBe(0);
      const copies = ['copy:Company', 'copy:SyncedEmployee', 'copy:SyncedUser', 'owned:Survey'];
      for (const { scenario, targets } of result.scenarios)
        expect(targets?.map(({ id }) => id)).toEqual(
          expect.arrayContaining(scenario === 'concurrent-same-key' ? ['operation:createSurvey'] : copies),
        );
    });
  });

  describeWith('the service in Python', python, (url) => {
    let prepared = '';

    beforeAll(async () => {
      prepared = mkdtempSync(join(tmpdir(), 'seamwright-python-'));
      cpSync(join(root, 'examples/python-service'), prepared, { recursive: true });
      mkdirSync(join(prepared, 'node_modules'));
      mkdirSync(join(prepared, 'tmp'));
      symlinkSync(root, join(prepared, 'node_modules/seamwright'));
      const { code, out, err } = await ended(start(prepared, ['generate']));
      expect(code, out + err).toBe(0);
    });
    afterAll(() => rmSync(prepared, { recursive: true, force: true }));

    /** A project of one test's own, where nobody else's processes and folders are. */
    function project(onTestFinished: (undo: () => void) => void): string {
      const folder = mkdtempSync(join(tmpdir(), 'seamwright-python-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      cpSync(prepared, folder, { recursive: true, verbatimSymlinks: true });
      return folder;
    }

    const variables = (folder: string): Variables => ({ SEAMWRIGHT_BROKER_URL: url, TMPDIR: join(folder, 'tmp') });

    it.sequential('keeps its promises', async ({ onTestFinished }) => {
      const folder = project(onTestFinished);
      const scenarios = 'stale-after-delete,poison,crash-mid-handler,connection-cut';
      const wanted = ['--service', 'search', '--scenario', scenarios];
      const { code, summary } = await verifyLive(folder, wanted, variables(folder));
      expect([code, summary]).toEqual([0, { passed: 4, failed: 0, skipped: 0 }]);
    });

    it.sequential('is found out when it takes messages as they come', async ({ onTestFinished }) => {
      const folder = project(onTestFinished);
      const wanted = ['--service', 'search', '--scenario', 'out-of-order,stale-after-delete', '--runs', '1'];
      const { code, scenarios } = await verifyLive(folder, wanted, { ...variables(folder), NAIVE: '1' });
      expect(code).toBe(1);
      const found = Object.fromEntries(scenarios.map(({ scenario, failure }) => [scenario, failure?.invariant]));
      expect(found).toEqual({
        'out-of-order': 'converged',
        'stale-after-delete': 'deleted-stays-deleted',
      });
    });

    it.sequential('is stopped, and all that was made for it removed, when somebody interrupts', async ({
      onTestFinished,
    }) => {
      const folder = project(onTestFinished);
      const scratchFolders = (): readonly string[] =>
        readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('seamwright-live-'));
      const child = start(folder, ['verify', '--level', 'live', '--service', 'search'], variables(folder));
      const end = ended(child);
      onTestFinished(() => void child.kill('SIGKILL'));
      await eventually(async () => {
        if (!scratchFolders().some((name) => existsSync(join(folder, 'tmp', name, 'search.sqlite'))))
          throw new Error('it has not started');
      }, 90_000);
      expect(processesIn(folder).length).toBeGreaterThan(1);
      child.kill('SIGINT');
      expect((await end).code).toBe(130);
      expect(scratchFolders()).toEqual([]);
      expect(processesIn(folder)).toEqual([]);
    });
  });

  it('says what is missing', async () => {
    const wanted = ['verify', 'contracts/easyplatform', '--service', 'accounts', '--level', 'live'];
    const nothing = { SEAMWRIGHT_DATABASE_URL: '', SEAMWRIGHT_BROKER_URL: '' };
    const { code, err } = await ended(start(root, wanted, nothing));
    expect(code).toBe(2);
    expect(err).toMatch(/needs a real broker, and none is named: set SEAMWRIGHT_BROKER_URL/);
  });
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
