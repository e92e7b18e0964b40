import { memoryBroker } from 'seamwright/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dlq } from '../../generator/cli/commands/dlq.js';
import { doctor } from '../../generator/cli/commands/doctor.js';
import { reconcile } from '../../generator/cli/commands/reconcile.js';
import { sync } from '../../generator/cli/commands/sync.js';
import { listCommand } from '../../generator/cli/dlq/list.js';
import { connectionsOf } from '../../generator/cli/operate/connections.js';
import { age, oneLine, table } from '../../generator/cli/operate/table.js';
import { runningSystem } from '../../generator/operate/system.js';
import { modelOf } from '../operate/system-model.js';
import { shop, World } from './world.js';

const never = { interrupted: () => new Promise<void>(() => {}) };

describe('where a system is', async () => {
  const model = await modelOf('easyplatform');
  const at = (options: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) =>
    connectionsOf(model, { options, env });

  it('options come before the contracts, the environment and the workspace', () => {
    const env = { SEAMWRIGHT_BROKER_URL: 'nats://env', SEAMWRIGHT_DATABASE_URL: 'postgres://env/a' };
    expect(at({}, env).broker).toBe('nats://env');
    expect(at({ broker: 'amqp://option' }, env).broker).toBe('amqp://option');
    // services.yaml of the system hands the variable on.
    expect(at({}, env).database('accounts')).toBe('postgres://env/a');
    expect(at({ database: ['postgres://option/b'] }, env).database('accounts')).toBe('postgres://option/b');
    const one = at({ database: ['postgres://all/b?x=1', 'accounts=postgres://one/c?sslmode=require'] }, env);
    expect(one.database('accounts')).toBe('postgres://one/c?sslmode=require');
    expect(one.database('text-snippet-people')).toBe('postgres://all/b?x=1');
  });

  it('refuses what lives inside the process of its services, and names that mean nobody', () => {
    expect(() => at({})).toThrow('the memory broker lives inside the process of its services');
    expect(() => at({ broker: 'memory:' })).toThrow('--broker or SEAMWRIGHT_BROKER_URL');
    const broker = { broker: 'amqp://x' };
    expect(at(broker).database('accounts')).toBeUndefined();
    expect(at({ ...broker, database: ['pglite:./data'] }).database('accounts')).toBeUndefined();
    expect(() => at({ ...broker, database: ['acounts=postgres://x'] })).toThrow('no service of easyplatform');
  });

  it('a list of what nobody can read is still a list, and moves no cursor', async () => {
    const broker = memoryBroker();
    const system = runningSystem(model, {
      broker,
      store() {
        throw new Error('a list asks no database');
      },
    });
    const [service] = system.services.filter(({ queues }) => queues.length > 1);
    await broker.declare({
      exchanges: service?.definition.topology.exchanges ?? [],
      queues: service?.definition.topology.queues ?? [],
    });
    const body = new TextEncoder().encode('no json');
    const headers = { 'sw-reason': 'undecodable', 'ce-type': 'Strange%1B[2J', 'sw-last-error': 'line%0Abreak' };
    await broker.publish(
      { exchange: '', key: service?.definition.topology.queues[0]?.deadLetter ?? '' },
      { headers, body },
    );
    const lines: string[] = [];
    const io = { ...never, out: (text: string) => lines.push(text) };
    expect(await listCommand({ args: [], options: {}, io: io as never }, system, {})).toBe(0);
    const text = lines.join('\n');
    expect(text).toMatch(/#[0-9a-f]{12} +Strange/);
    expect(text).toContain('line break');
    expect(text).not.toContain('\u001b');
  });
});

describe('operating commands on the command line', () => {
  let world: World;
  beforeEach(() => {
    world = new World().write(shop);
  });
  afterEach(() => world.remove());

  const commands = { dlq, doctor, reconcile, sync };
  it.each([
    ['dlq', [], 'there is no action of dlq ""'],
    ['dlq', ['lst'], 'Did you mean "list"?'],
    ['dlq', ['show'], '"dlq show" takes the id of one message'],
    ['dlq', ['replay'], 'say which dead letters'],
    ['dlq', ['drop'], 'say which dead letters'],
    ['sync', ['fource'], 'Did you mean "force"?'],
    ['sync', ['force', 'Product'], 'the id of the entity is missing'],
    ['sync', ['full'], 'the name of the entity is missing'],
    ['reconcile', [], 'the name of the entity is missing'],
    ['reconcile', ['Product', 'contracts', 'more'], '"more" is one argument too many'],
    ['doctor', [], 'the memory broker lives inside the process'],
    ['doctor', ['a', 'b', 'c', 'd'], '"d" is one argument too many'],
  ] as const)('%s %j exits with 2 and says: %s', async (name, args, sentence) => {
    expect(await world.run(commands[name], {}, args, never)).toBe(2);
    const said = world.err.join('\n');
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/\n\s+at |\?\.$/m);
  });

  it('answers mistakes as one JSON document', async () => {
    expect(await world.run(doctor, { format: 'json' }, [], never)).toBe(2);
    expect(JSON.parse(world.text)).toMatchObject({ error: expect.stringContaining('memory broker') });
    expect(world.err).toEqual([]);
  });

  it.each([
    [{ limit: '0' }, '--limit takes a whole number'],
    [{ rate: 'fast' }, '--rate takes a rate such as 50/s'],
    [{ settle: 'soon' }, '--settle takes a duration'],
  ])('refuses %j', async (options, sentence) => {
    expect(await world.run(reconcile, options, ['Product'], never)).toBe(2);
    expect(world.err.join('\n')).toContain(sentence);
  });

  it('asks which system is meant when there are several', async () => {
    const other = Object.entries(shop)
      .filter(([path]) => path.startsWith('contracts/shop/'))
      .map(([path, text]) => [path.replace('/shop/', '/other/'), text.replace('system: shop', 'system: other')]);
    world.write(Object.fromEntries(other));
    expect(await world.run(doctor, {}, [], never)).toBe(2);
    expect(world.err.join('\n')).toMatch(/several systems were found: .*"other".*--system/);
    expect(await world.run(doctor, { system: 'shp' }, [], never)).toBe(2);
    expect(world.err.join('\n')).toContain('there is no system "shp"');
    expect(await world.run(doctor, { system: 'shop' }, [], never)).toBe(2);
    expect(world.err.join('\n')).toContain('memory broker');
  });
});

it('lays out columns, ages and lines of strangers', () => {
  expect(
    table(
      ['a', 'bb'],
      [
        ['xxx', 'y'],
        ['x', ''],
      ],
    ),
  ).toEqual(['a    bb', 'xxx  y', 'x']);
  expect(table(['a'], [])).toEqual([]);
  expect([0, 59_400, 60_000, 7_200_000, 172_800_000].map(age)).toEqual(['0s', '59s', '1m', '2h', '2d']);
  expect(oneLine('a\n\tb\u001b[2Jc')).toBe('a b [2Jc');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});
