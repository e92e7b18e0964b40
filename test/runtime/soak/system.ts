import { effect, outgoing, owned, replica } from '../../../runtime/define.js';
import type {
  EffectDefinition,
  MessageDefinition,
  RetryPolicy,
  ServiceDefinition,
  WaitRule,
} from '../../../runtime/definition.js';
import type { Validator } from '../../../runtime/validation.js';

/**
 * Three services as the generator would define them: `a` owns Company, `b` copies it and owns Employee, `c` copies both, Employee waiting for Company,
 * and reacts to Paid, which waits for Employee.
 */
export interface Entity {
  readonly id: string;
  readonly name: string;
  /** What it refers to; '' for nothing. */
  readonly parent: string;
  readonly active: boolean;
}

export interface Paid {
  readonly payment: string;
  readonly employee: string;
}

const patient: RetryPolicy = { attemptsMax: 50, backoff: 'fixed', initialMs: 200, maxMs: 200, jitter: 'full' };

export const serviceNames = ['a', 'b', 'c'] as const;
export type ServiceName = (typeof serviceNames)[number];

const company = entityMessage('CompanyChanged');
const employee = entityMessage('EmployeeChanged');
const paid: MessageDefinition<Paid> = { name: 'Paid', version: '1', validate: withText<Paid>('payment', 'employee') };

export const paidEvent = outgoing<Paid>({
  message: paid,
  address: { exchange: 'events', key: 'b.paid' },
  key: (m) => m.employee,
  outbox: true,
});

const onPaid: EffectDefinition<Paid> = effect<Paid>({
  name: 'c.onPaid',
  handler: 'onPaid',
  message: paid,
  idempotencyKey: (m) => m.payment,
  awaits: [waitFor<Paid>('Employee', (m) => m.employee)],
  retry: patient,
  transaction: 'single',
});

const onPaidAgain: EffectDefinition<Paid> = { ...onPaid, name: 'c.onPaidToo', handler: 'onPaidToo', awaits: [] };

export const definitions: Readonly<Record<ServiceName, ServiceDefinition>> = {
  a: define('a', { owned: { Company: ownedEntity('Company', company, 'a') } }),
  b: define('b', {
    owned: { Employee: ownedEntity('Employee', employee, 'b') },
    publishes: { Paid: paidEvent },
    copies: { Company: copy('b', 'Company', company, 'a') },
  }),
  c: define('c', {
    owned: { Tally: ownedEntity('Tally', entityMessage('TallyChanged'), 'c') },
    copies: {
      Company: copy('c', 'Company', company, 'a'),
      Employee: copy('c', 'Employee', employee, 'b', [waitFor<Entity>('Company', (m) => m.parent)]),
    },
    effects: [onPaid, onPaidAgain],
  }),
};

export function queueOf(service: ServiceName): string {
  return `${service}.events`;
}

function define(service: ServiceName, more: Partial<ServiceDefinition>): ServiceDefinition {
  // `a` follows nobody; the others let go what they do not know.
  const bindings = service === 'a' ? [] : [{ exchange: 'events', key: '#' }];
  const queue = {
    ...{ name: queueOf(service), service, bindings, deadLetter: `${queueOf(service)}.dlq` },
    ...{ maxDeliveries: 1_000, partitions: 1 },
  };
  return {
    ...{ system: 'soak', service, owned: {}, publishes: {}, copies: {}, effects: [], queue: queue.name },
    topology: { exchanges: [{ name: 'events', kind: 'topic' }], queues: [queue] },
    ...more,
  };
}

function ownedEntity(entity: string, message: MessageDefinition<Entity>, service: ServiceName) {
  return owned<Entity, Entity>({
    ...{ entity, message, address: { exchange: 'events', key: `${service}.${entity.toLowerCase()}.{op}` } },
    ...{ key: (e) => e.id, deletes: true, outbox: true },
  });
}

/** Every second copy is of active entities only: leaving and coming back is part of the history. */
function copy(
  service: ServiceName,
  entity: string,
  message: MessageDefinition<Entity>,
  owner: string,
  awaits: readonly WaitRule<Entity>[] = [],
) {
  return replica<Entity, Entity>({
    ...{ name: `${service}.${entity}`, message, entity, owner, awaits, retry: patient },
    table: {
      name: entity.toLowerCase(),
      entity,
      columns: (['id', 'name', 'parent'] as const).map((name) => ({ name, field: name, type: 'text' as const })),
    },
    key: (m) => m.id,
    data: (m) => m,
    version: { kind: 'sequence' },
    deleted: (_, op) => op === 'deleted',
    ...(awaits.length > 0 && { when: (m: Entity) => m.active }),
    fields: (m) => m,
  });
}

function waitFor<M>(entity: string, by: (message: M) => string): WaitRule<M> {
  return {
    ...{ entity, by, timeoutMs: 60_000, forceTimeoutMs: 10_000, onTimeout: 'park', optional: false },
    maxAgeMs: 7 * 86_400_000,
  };
}

function entityMessage(name: string): MessageDefinition<Entity> {
  return { name, version: '1', validate: withText<Entity>('id', 'name', 'parent') };
}

function withText<T>(...names: readonly (string & keyof T)[]): Validator<T> {
  return (data): data is T =>
    typeof data === 'object' && data !== null && names.every((name) => typeof Reflect.get(data, name) === 'string');
}
