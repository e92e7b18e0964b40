import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { effect } from '../../runtime/define.js';
import type { ServiceDefinition } from '../../runtime/definition.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { type EmployeeMessage, employeeMessage, threeTries } from './world/contracts.js';
import { employeeWire } from './world/messages.js';

/** An effect that happens once per employee, for employees with a certain name, newest state first. */
const onGreeted = effect<EmployeeMessage>({
  name: 's.onGreeted',
  handler: 'onGreeted',
  message: employeeMessage,
  idempotencyKey: (m) => m.entityData.id,
  guard: {
    entity: 'Employee',
    key: (m) => m.entityData.id,
    data: (m) => m.entityData,
    version: { kind: 'timestamp', of: (m) => m.createdUtcDate, tie: (m) => m.messageId },
    carries: 'state',
  },
  when: (m) => m.entityData.fullName.startsWith('wanted'),
  awaits: [],
  retry: threeTries,
  transaction: 'single',
});

const definition: ServiceDefinition = {
  ...{ system: 'test', service: 's', owned: {}, publishes: {}, copies: {}, effects: [onGreeted], queue: 'q' },
  topology: {
    exchanges: [],
    queues: [{ name: 'q', service: 's', bindings: [], deadLetter: 'q.dlq', maxDeliveries: 3, partitions: 1 }],
  },
};

/** Names of the employees for whom the effect happened, when messages with these names and positions in time arrive in this order. */
async function greeted(...messages: readonly (readonly [name: string, at: number])[]): Promise<readonly string[]> {
  const clock = new VirtualClock();
  const broker = memoryBroker({ clock });
  const seen: string[] = [];
  const onGreeted = async ({ event }: { readonly event: EmployeeMessage }) => {
    seen.push(event.entityData.fullName);
  };
  const service = createService(definition, { broker, store: memoryStore(), clock, handlers: { onGreeted } });
  await service.start();
  for (const [name, at] of messages) {
    await broker.publish({ exchange: '', key: 'q' }, employeeWire({ name, at }));
    await clock.run(service.settled());
  }
  await clock.run(service.stop());
  return seen;
}

describe('only a message whose effect happens claims its idempotency key', () => {
  it('not one that the condition leaves out', async () => {
    expect(await greeted(['other', 1], ['wanted', 2])).toEqual(['wanted']);
  });

  it('not one that is stale', async () => {
    expect(await greeted(['other', 3], ['wanted too late', 2], ['wanted', 4])).toEqual(['wanted']);
  });

  it('but one whose effect has happened, against every other with the key', async () => {
    expect(await greeted(['wanted', 1], ['wanted again', 2], ['wanted', 1])).toEqual(['wanted']);
  });
});
