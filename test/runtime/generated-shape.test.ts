import { describe, expect, it } from 'vitest';
import type { Copy } from '../../runtime/copies.js';
import type { EffectHandler, ServiceDefinition } from '../../runtime/definition.js';
import type { OwnedEntity } from '../../runtime/owned.js';
import { createService, type Service } from '../../runtime/service.js';
import type { ServiceOptions } from '../../runtime/service-options.js';
import type { ServiceTransaction } from '../../runtime/service-transaction.js';
import {
  type CompanyCopy,
  companyCopy,
  type Employee,
  type EmployeeCopy,
  employeeCopy,
  type Hired,
  hiredEvent,
  onHired,
  ownedEmployee,
} from './world/contracts.js';

// What the generator emits for a service, word for word: this file compiling is the test.
interface PeopleTransaction extends ServiceTransaction {
  readonly Employee: OwnedEntity<Employee>;
  readonly publish: { Hired(message: Hired): Promise<void> };
}
interface PeopleCopies {
  readonly Company: Copy<CompanyCopy>;
  readonly SyncedEmployee: Copy<EmployeeCopy>;
}
type OnHired = EffectHandler<Hired, PeopleTransaction>;
interface PeopleHandlers {
  readonly onHired: OnHired;
}
interface PeopleOptions extends ServiceOptions {
  readonly handlers: PeopleHandlers;
}
const definition: ServiceDefinition = {
  system: 'test',
  service: 'people',
  owned: { Employee: ownedEmployee },
  publishes: { Hired: hiredEvent },
  copies: { Company: companyCopy, SyncedEmployee: employeeCopy() },
  effects: [onHired()],
  topology: {
    exchanges: [],
    queues: [{ name: 'q', service: 'people', bindings: [], deadLetter: 'q.dlq', maxDeliveries: 5, partitions: 1 }],
  },
  queue: 'q',
};
function createPeople(options: PeopleOptions): Service<PeopleTransaction, PeopleCopies> {
  return createService(definition, options);
}

describe('what the generator emits', () => {
  it('fits the runtime, and a missing or misshapen handler is a type error', () => {
    const handler: OnHired = async ({ event, tx }) => {
      await tx.Employee.updated({ id: event.employeeId, fullName: 'x', companyId: 'c', isActive: true });
      await tx.publish.Hired(event);
      // @ts-expect-error: no such entity in this service's contracts
      void tx.Company;
    };
    const people = createPeople({ handlers: { onHired: handler } });
    expect(people.name).toBe('people');
    // @ts-expect-error: the handler is missing
    expect(() => createPeople({ handlers: {} })).toThrow('"onHired" is missing');
    // @ts-expect-error: the handler takes another message
    createPeople({ handlers: { onHired: async ({ event }: { event: Employee }) => void event.fullName } });
  });
});
