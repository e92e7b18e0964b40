import { describe, expect, it } from 'vitest';
import { command, defaultRetry, effect } from '../../../runtime/define.js';
import type { EffectDefinition, ServiceDefinition } from '../../../runtime/definition.js';
import { UsageError } from '../../../runtime/errors.js';
import { consumerQueue, queuesOf } from '../../../runtime/service-queue.js';
import { receiptSent, type SendReceipt, sendReceipt } from './office.js';

const queue = (name: string) => ({
  ...{ name, service: 'sales', bindings: [], deadLetter: `${name}.dlq`, maxDeliveries: 5, partitions: 1 },
});
const definition: ServiceDefinition = {
  ...{ system: 'office', service: 'sales', owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [], queues: ['sales', 'sales.commands', 'other'].map(queue) },
  queue: 'sales',
  commandQueue: 'sales.commands',
  sends: {
    SendReceipt: command<SendReceipt>({
      ...{ message: sendReceipt, address: { exchange: 'office', key: 'mail' }, outbox: true },
      reply: { message: receiptSent, key: 'sales.commands' },
    }),
  },
};
const takes = (message: EffectDefinition['message'], more: Partial<EffectDefinition> = {}) =>
  effect({
    ...{ name: `sales.on${message.name}`, handler: 'on', message, awaits: [], retry: defaultRetry },
    ...{ transaction: 'single', ...more },
  });

describe('the queues of a service', () => {
  it('are that of the events and that of the commands', () => {
    expect(queuesOf(definition).map(({ name }) => name)).toEqual(['sales', 'sales.commands']);
    expect(queuesOf({ ...definition, commandQueue: 'sales' }).map(({ name }) => name)).toEqual(['sales']);
  });

  it('take events by the first, commands and answers by the second', () => {
    const named = (one: EffectDefinition) => consumerQueue(definition, one).name;
    const told = { ...sendReceipt, name: 'Told' };
    expect(named(takes(told))).toBe('sales');
    expect(named(takes(told, { command: {} }))).toBe('sales.commands');
    expect(named(takes(receiptSent))).toBe('sales.commands');
  });

  it('are demanded of a service that takes anything', () => {
    const { queue: _, commandQueue: __, ...without } = definition;
    expect(() => consumerQueue(without, takes(receiptSent))).toThrow(UsageError);
  });
});
