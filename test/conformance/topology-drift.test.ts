import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { topology } from '../../generator/cli/commands/topology.js';
import { World } from '../cli/world.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';

const rabbitmq = await atHand(serverKinds.rabbitmq);

const feature = `name: alarms
version: 1.0.0
asyncapi: ./asyncapi.yaml
services:
  - { name: sensor, role: service }
  - { name: siren, role: service }
events:
  AlarmRaised:
    publisher: sensor
    consumers: [{ service: siren, retry: { max_attempts: 3, backoff: fixed, initial_interval: 5s, jitter: none } }]
`;

/** \`extra\` goes into the AMQP binding of the one channel. */
const asyncapi = (system: string, extra = ''): string => `asyncapi: 3.0.0
info: { title: Alarms, version: 1.0.0 }
channels:
  alarms:
    address: sensor.alarm
    messages: { AlarmRaised: { $ref: '#/components/messages/AlarmRaised' } }
    bindings: { amqp: { is: routingKey, exchange: { name: ${system}.urgent, type: direct }${extra} } }
components:
  messages:
    AlarmRaised: { payload: { type: object, required: [id], properties: { id: { type: string } } } }
`;

describeWith('the topology of contracts on RabbitMQ', rabbitmq, (url) => {
  const worlds: { readonly world: World; readonly system: string }[] = [];

  function alarms(): { readonly world: World; readonly system: string } {
    const system = `drift-${randomUUID().slice(0, 8)}`;
    const world = new World().write({
      'package.json': '{ "type": "module" }\n',
      'contracts/seamwright.yaml': `system: ${system}\nbroker: { kind: rabbitmq }\nnaming: { queue: "{system}.{consumer}" }\n`,
      'contracts/feature.yaml': feature,
      'contracts/asyncapi.yaml': asyncapi(system),
    });
    worlds.push({ world, system });
    return { world, system };
  }

  /** Removes what a test declared; deleting what is not there is no error. */
  afterEach(async () => {
    const { connect } = await import('amqplib');
    const connection = await connect(url);
    const channel = await connection.createChannel();
    for (const { world, system } of worlds.splice(0)) {
      for (const tail of ['', '.dlq', '.retry.5s', '.retry.1s']) await channel.deleteQueue(`${system}.siren${tail}`);
      for (const exchange of ['urgent', 'extra']) await channel.deleteExchange(`${system}.${exchange}`);
      world.remove();
    }
    await connection.close();
  });

  const run = (world: World, action: string): Promise<number> => world.run(topology, { broker: url }, [action]);

  it('is missing before it is applied, and there afterwards', async () => {
    const { world, system } = alarms();
    expect(await run(world, 'diff')).toBe(1);
    expect(world.text).toContain(`missing exchange "${system}.urgent"`);
    expect(world.text).toContain(`missing queue "${system}.siren.retry.5s"`);
    expect(await run(world, 'apply')).toBe(0);
    expect(world.text).toContain(`made queue "${system}.siren"`);
    expect(await run(world, 'diff')).toBe(0);
  });

  it('drifts when a contract asks for priorities, which no queue can be given later', async () => {
    const { world, system } = alarms();
    expect(await run(world, 'apply')).toBe(0);
    world.write({ 'contracts/asyncapi.yaml': asyncapi(system, ', x-max-priority: 5') });
    expect(await run(world, 'diff')).toBe(1);
    expect(world.text).toContain(`different queue "${system}.siren"`);
    expect(await run(world, 'apply')).toBe(1);
    expect(world.text).toContain(`different queue "${system}.siren"`);
    expect([...world.err, ...world.out].join('\n')).not.toContain(new URL(url).password || 'guest:guest');
  });

  it('drifts when a contract asks for another kind of exchange', async () => {
    const { world, system } = alarms();
    expect(await run(world, 'apply')).toBe(0);
    world.write({ 'contracts/asyncapi.yaml': asyncapi(system).replace('type: direct', 'type: topic') });
    expect(await run(world, 'diff')).toBe(1);
    expect(world.text).toContain(`different exchange "${system}.urgent"`);
  });

  it('is the same that a service declares for itself', async () => {
    const { world, system } = alarms();
    const { brokerFor } = await import('../../runtime/brokers/registry.js');
    const { loadWorkspace } = await import('../../generator/load/workspace.js');
    const { buildModel } = await import('../../generator/model/build.js');
    const { topologyOf } = await import('../../generator/emit/topology.js');
    const { servicesToEmit } = await import('../../generator/emit/service-facts.js');
    const dir = world.path('contracts');
    const { workspace } = await loadWorkspace('.', { cwd: dir, project: world.cwd, validate: 'fast' });
    if (workspace === undefined) throw new Error('there are no contracts');
    const { model } = buildModel(workspace);
    const broker = await brokerFor(url);
    for (const facts of servicesToEmit(model)) await broker.declare(topologyOf(model, facts));
    await broker.close();
    expect(model.system).toBe(system);
    expect(await run(world, 'diff')).toBe(0);
  });
});
