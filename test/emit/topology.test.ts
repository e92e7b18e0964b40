import { afterEach, describe, expect, it } from 'vitest';
import { systemTopology } from '../../generator/emit/topology.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Topology } from '../../runtime/brokers/broker.js';
import { World } from '../cli/world.js';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});

interface Told {
  readonly settings?: string;
  /** Lines below the event, by its name. */
  readonly events: Readonly<Record<string, string>>;
  /** Channel of each message, without its messages. */
  readonly channels?: Readonly<Record<string, string>>;
  readonly operations?: string;
}

/** One sensor tells, one siren listens. */
async function topologyOf({ settings = '', events, channels = {}, operations = '' }: Told): Promise<Topology> {
  const names = Object.keys(events);
  const world = new World().write({
    'seamwright.yaml': `system: alarms\n${settings}`,
    'feature.yaml': [
      'name: alarms\nversion: 1.0.0\nasyncapi: ./asyncapi.yaml\nevents:\n',
      ...names.map((name) => `  ${name}: { publisher: sensor, consumers: [siren]${events[name]} }\n`),
    ].join(''),
    'asyncapi.yaml': [
      'asyncapi: 3.0.0\ninfo: { title: Alarms, version: 1.0.0 }\nchannels:\n',
      ...Object.entries(channels).map(
        ([name, channel]) =>
          `  ${name}: { ${channel}, messages: { ${name}: { $ref: '#/components/messages/${name}' } } }\n`,
      ),
      names.length > Object.keys(channels).length ? '  unused: { address: unused }\n' : '',
      operations,
      'components:\n  messages:\n',
      ...names.map((name) => `    ${name}: { payload: { type: object, properties: { id: { type: string } } } }\n`),
    ].join(''),
  });
  worlds.push(world);
  const { workspace } = await loadWorkspace('.', { cwd: world.cwd, project: world.cwd, validate: 'fast' });
  if (workspace === undefined) throw new Error('there are no contracts');
  return systemTopology(buildModel(workspace).model);
}

describe('an exchange', () => {
  it('may lose messages only when all of its messages may be lost', async () => {
    const lossy = { A: ', delivery: at-most-once', B: ', delivery: at-most-once' };
    expect((await topologyOf({ events: lossy })).exchanges).toEqual([
      { name: 'alarms.events', kind: 'topic', atMostOnce: true },
    ]);
    expect((await topologyOf({ events: { ...lossy, B: '' } })).exchanges).toEqual([
      { name: 'alarms.events', kind: 'topic' },
    ]);
  });

  it('has the kind that a channel gives it, also for messages without a channel', async () => {
    const channels = { A: 'address: a, bindings: { amqp: { exchange: { name: alarms.events, type: fanout } } }' };
    const { exchanges, queues } = await topologyOf({ events: { A: '', B: '' }, channels });
    expect(exchanges).toEqual([{ name: 'alarms.events', kind: 'fanout' }]);
    expect(queues[0]?.bindings).toEqual([{ exchange: 'alarms.events', key: '' }]);
  });
});

describe('a queue', () => {
  const ttl = (name: string, ms: number): string =>
    `address: ${name}, bindings: { amqp: { exchange: { name: x, type: topic }, x-message-ttl: ${ms} } }`;

  it('gives messages up at the longest of their ages, and never when one of them has none', async () => {
    const both = await topologyOf({
      events: { A: '', B: '' },
      channels: { A: ttl('a', 1_000), B: ttl('b', 5_000) },
    });
    expect(both.queues[0]?.messageTtlMs).toBe(5_000);
    const one = await topologyOf({ events: { A: '', B: '' }, channels: { A: ttl('a', 1_000), B: 'address: b' } });
    expect(one.queues[0]).not.toHaveProperty('messageTtlMs');
  });

  it('is a classic one for the priority of an operation alone, and says nothing of its type otherwise', async () => {
    const channels = { A: 'address: a' };
    const operations =
      'operations:\n  sendA: { action: send, channel: { $ref: "#/channels/A" }, bindings: { amqp: { priority: 9 } } }\n';
    const [queue] = (await topologyOf({ events: { A: '' }, channels, operations })).queues;
    expect(queue).toMatchObject({ type: 'classic', priorityMax: 9 });
    const [plain] = (await topologyOf({ events: { A: '' }, channels })).queues;
    expect(plain).not.toHaveProperty('type');
    expect(plain).not.toHaveProperty('priorityMax');
  });

  it('ignores values that no broker takes', async () => {
    const binding = 'exchange: { name: x, type: topic }, x-message-ttl: soon, x-max-priority: 1000, x-queue-type: fast';
    const channels = { A: `address: a, bindings: { amqp: { ${binding} } }` };
    const [queue] = (await topologyOf({ events: { A: '' }, channels })).queues;
    for (const name of ['messageTtlMs', 'priorityMax', 'type']) expect(queue).not.toHaveProperty(name);
  });
});

describe('on Kafka', () => {
  const settings = 'broker: kafka\nnaming: { topic: "{system}.all" }\n';

  it('the address is the topic, unless the binding names another one, and partitions are the binding’s', async () => {
    const { exchanges, queues } = await topologyOf({
      settings,
      events: { A: '', B: '', C: '' },
      channels: {
        A: 'address: clicks.raw, bindings: { kafka: { partitions: 12 } }',
        B: 'address: clicks.late, bindings: { kafka: { topic: late, partitions: 3 } }',
        C: 'address: "clicks.{kind}", parameters: { kind: {} }',
      },
    });
    expect(exchanges.map(({ name }) => name)).toEqual(['alarms.all', 'clicks.raw', 'late']);
    expect(queues[0]?.partitions).toBe(12);
  });

  it('the embedded broker stands in for it where all documents speak of Kafka', async () => {
    const channels = { A: 'address: clicks.raw, bindings: { kafka: { partitions: 2 } }' };
    const { exchanges, queues } = await topologyOf({ events: { A: '' }, channels });
    expect(exchanges).toEqual([{ name: 'clicks.raw', kind: 'topic' }]);
    expect(queues[0]?.partitions).toBe(2);
  });
});

it('the queue of a service has waiting places, dead letters and their exchange by the names of the workspace', async () => {
  const settings =
    'naming: { queue: "{consumer}-in", retry: "{queue}-again-{delay}", dead_letter: "{queue}-dead", dead_letter_exchange: "{system}-dead" }\n';
  const [queue] = (await topologyOf({ settings, events: { A: '' } })).queues;
  expect(queue).toMatchObject({ name: 'siren-in', deadLetter: 'siren-in-dead', deadLetterExchange: 'alarms-dead' });
  expect(queue?.retries?.[0]).toEqual({ name: 'siren-in-again-250ms', delayMs: 250 });
});
