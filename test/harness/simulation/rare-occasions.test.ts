import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inStore } from '../../../harness/mutants/ports.js';
import { scenarioNamed } from '../../../harness/scenarios/registry.js';
import { search } from '../../../harness/search.js';
import type { SimulateOptions } from '../../../harness/simulate.js';
import { loadSystem, type SystemUnderTest } from '../../../harness/system.js';
import type { MessageDefinition, ServiceDefinition } from '../../../runtime/definition.js';
import { createService } from '../../../runtime/service.js';
import type { World } from '../../cli/world.js';
import { project, type Tree, uuid } from '../mixed/desk.js';

const message = (name: string, more: object) => ({
  [name]: { payload: { type: 'object', required: ['id'], properties: { id: uuid, ...more } } },
});
const channel = (address: string, name: string) => ({
  address,
  messages: { [name]: { $ref: `#/components/messages/${name}` } },
});

/** What none of the worked systems has: a copy that takes messages together, senders that prove who they are, and a command. */
const tree: Tree = {
  'package.json': '{ "name": "desk", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
  'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
  'contracts/desk/asyncapi.json': JSON.stringify({
    asyncapi: '3.0.0',
    info: { title: 'Desk', version: '1.0.0' },
    channels: {
      employees: channel('people.employee', 'EmployeeChanged'),
      pay: channel('payroll.pay', 'PayEmployee'),
    },
    components: {
      messages: {
        ...message('EmployeeChanged', { name: { type: 'string' } }),
        ...message('PayEmployee', { hours: { type: 'integer' } }),
      },
    },
  }),
  'contracts/desk/feature.yaml': `name: desk
version: 1.0.0
asyncapi: ./asyncapi.json
services: [{ name: people }, { name: surveys }, { name: payroll }]
entities:
  Employee: { owner: people, event: EmployeeChanged, security: [people], consumers: [{ service: surveys, batch_size: 8 }] }
commands:
  PayEmployee: { sender: people, receiver: payroll, security: [people] }
`,
  'services/desk/payroll/on-pay-employee.ts': 'export const onPayEmployee = async () => {};\n',
};

let world: World | undefined;
let desk: SystemUnderTest | undefined;
beforeAll(async () => {
  world = await project(tree);
  desk = await loadSystem({ workspace: world.path('contracts/desk'), cwd: world.cwd });
}, 60_000);
afterAll(() => world?.remove());

/** Promises that some plans of a scenario break, on every target that a service gives it. */
async function broken(id: string, service: string, simulate: SimulateOptions = {}): Promise<readonly string[]> {
  const [scenario, subject] = [scenarioNamed(id), desk?.subject(service)];
  const targets = subject && scenario?.targets(subject);
  if (scenario === undefined || subject === undefined || targets === undefined || 'none' in targets)
    throw new Error(`${service} gives ${id} no occasion`);
  const { failure } = await search(subject, scenario, targets, {
    level: 'sim',
    seed: 1,
    runs: 12,
    simulate,
    shrinkTries: 0,
  });
  return (failure?.violations ?? []).map(({ invariant }) => invariant);
}

const forgetful: SimulateOptions = {
  mutateStore: (store, _, clock) =>
    inStore(() => ({ claim: async () => true, claimed: async () => false }))(store, clock),
};

/** Of messages that are taken together only the first is written. */
const firstOnly: SimulateOptions = {
  mutateStore: (store, _, clock) =>
    inStore((tx) => ({
      async putReplicas(table, rows) {
        const outcomes = await tx.putReplicas(table, rows.slice(0, 1));
        return rows.map((_, index) => outcomes[index] ?? 'applied');
      },
    }))(store, clock),
};

/** Nobody asks who sent it. */
const credulous: SimulateOptions = {
  mutate: (create, service) => (options) => {
    const definition = desk?.services.get(service)?.definition;
    if (definition === undefined || (definition.queue === undefined && definition.commandQueue === undefined))
      return create(options);
    const handlers = { onPayEmployee: async () => {} };
    return { service: createService(believing(definition), { ...options, handlers }) };
  },
};

function believing(definition: ServiceDefinition): ServiceDefinition {
  const open = ({ security: _, ...message }: MessageDefinition): MessageDefinition => message;
  return {
    ...definition,
    copies: Object.fromEntries(
      Object.entries(definition.copies).map(([name, copy]) => [name, { ...copy, message: open(copy.message) }]),
    ),
    effects: definition.effects.map((effect) => ({ ...effect, message: open(effect.message) })),
  };
}

describe('what the worked systems give no occasion for', { timeout: 60_000 }, () => {
  it.each([
    ['batch', 'surveys', firstOnly, 'converged'],
    ['forged-sender', 'surveys', credulous, 'owner-only'],
    ['forged-sender', 'payroll', credulous, 'owner-only'],
    ['command-one-receiver', 'payroll', forgetful, 'effect-once'],
  ] as const)('%s holds at %s, and is found out when it does not', async (id, service, mistake, promise) => {
    expect(await broken(id, service)).toEqual([]);
    expect(await broken(id, service, mistake)).toContain(promise);
  });

  it.each([
    ['force-sync', 'surveys'],
    ['force-sync', 'people'],
    ['out-of-order', 'surveys'],
    ['crash-mid-handler', 'surveys'],
    ['broker-restart', 'surveys'],
    ['redelivery-storm', 'surveys'],
  ])('%s holds for messages that are taken together, seen from %s', async (id, service) => {
    expect(await broken(id, service)).toEqual([]);
  });

  it.each(['crash-after-commit-before-publish', 'outbox-relay-duplicate'])('%s holds for commands', async (id) => {
    expect(await broken(id, 'people')).toEqual([]);
  });
});
