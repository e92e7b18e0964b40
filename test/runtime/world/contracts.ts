import { defaultRetry, effect, outgoing, owned, replica } from '../../../runtime/define.js';
import type {
  EffectDefinition,
  MessageDefinition,
  ReplicaDefinition,
  RetryPolicy,
  WaitRule,
} from '../../../runtime/definition.js';
import type { Validator } from '../../../runtime/validation.js';

/** A small system by hand, in the shape that the generator emits: people owns Employee, accounts owns Company, surveys copies both. */
export interface Company {
  readonly id: string;
  readonly name: string;
}

export interface Employee {
  readonly id: string;
  readonly fullName: string;
  readonly companyId: string;
  readonly isActive: boolean;
  readonly isDeleted?: boolean;
}

/** As EasyPlatform writes it: the attributes lie in the body, the version is an instant. */
export interface EmployeeMessage {
  readonly messageId: string;
  readonly createdUtcDate: string;
  readonly isForceSync: boolean;
  readonly crudAction: 'Created' | 'Updated' | 'Deleted';
  readonly entityData: Employee;
}

export interface Hired {
  readonly employeeId: string;
}

export const companyChanged: MessageDefinition<Company> = {
  name: 'CompanyChanged',
  version: '1',
  validate: object<Company>('id', 'name'),
};

export const employeeMessage: MessageDefinition<EmployeeMessage> = {
  name: 'EmployeeEntityEventBusMessage',
  version: '1',
  validate: object<EmployeeMessage>('messageId', 'createdUtcDate', 'crudAction', 'entityData'),
  envelope: {
    id: 'messageId',
    time: 'createdUtcDate',
    op: 'crudAction',
    force: 'isForceSync',
    data: 'entityData',
    ops: { created: 'Created', updated: 'Updated', deleted: 'Deleted' },
  },
};

export const hired: MessageDefinition<Hired> = {
  name: 'Hired',
  version: '1',
  validate: object<Hired>('employeeId'),
  payloadMax: 200,
};

export const events = 'test.events';

export const ownedCompany = owned<Company, Company>({
  entity: 'Company',
  message: companyChanged,
  address: { exchange: events, key: 'accounts.company.{op}' },
  key: (e) => e.id,
  deletes: true,
  outbox: true,
});

export const ownedEmployee = owned<Employee, EmployeeMessage>({
  entity: 'Employee',
  message: employeeMessage,
  address: { exchange: events, key: 'people.employee.{op}' },
  key: (e) => e.id,
  publishWhen: (m, previous) => m.entityData.isActive || previous?.isActive === true || m.crudAction === 'Deleted',
  softDelete: { field: 'isDeleted' },
  deletes: true,
  outbox: true,
});

export const hiredEvent = outgoing<Hired>({
  message: hired,
  address: { exchange: events, key: 'people.hired' },
  key: (m) => m.employeeId,
  outbox: true,
});

export interface CompanyCopy {
  readonly id: string;
  readonly name: string;
}

export const companyCopy = replica<Company, CompanyCopy>({
  name: 'surveys.Company',
  message: companyChanged,
  entity: 'Company',
  owner: 'accounts',
  table: {
    name: 'company',
    entity: 'Company',
    columns: [
      { name: 'id', field: 'id', type: 'text' },
      { name: 'name', field: 'name', type: 'text' },
    ],
  },
  key: (m) => m.id,
  data: (m) => m,
  version: { kind: 'sequence' },
  deleted: (_, op) => op === 'deleted',
  fields: (m) => ({ id: m.id, name: m.name }),
  awaits: [],
  retry: defaultRetry,
});

export interface EmployeeCopy {
  readonly id: string;
  readonly fullName: string;
  readonly companyId: string;
}

export const companyWait: WaitRule<EmployeeMessage> = {
  entity: 'Company',
  by: (m) => m.entityData.companyId,
  timeoutMs: 300_000,
  forceTimeoutMs: 30_000,
  onTimeout: 'park',
  optional: false,
  maxAgeMs: 604_800_000,
};

/** The copy of Employee; `wait` replaces parts of its wait for Company, null removes it. */
export function employeeCopy(
  wait: Partial<WaitRule<EmployeeMessage>> | null = {},
  more: Partial<ReplicaDefinition<EmployeeMessage, EmployeeCopy>> = {},
): ReplicaDefinition<EmployeeMessage, EmployeeCopy> {
  return replica<EmployeeMessage, EmployeeCopy>({
    name: 'surveys.SyncedEmployee',
    message: employeeMessage,
    entity: 'Employee',
    owner: 'people',
    table: {
      name: 'synced_employee',
      entity: 'Employee',
      columns: [
        { name: 'id', field: 'id', type: 'text' },
        { name: 'full_name', field: 'fullName', type: 'text' },
        { name: 'company_id', field: 'companyId', type: 'text' },
      ],
    },
    key: (m) => m.entityData.id,
    data: (m) => m.entityData,
    version: { kind: 'timestamp', of: (m) => m.createdUtcDate, tie: (m) => m.messageId },
    deleted: (m, op) => op === 'deleted' || m.entityData.isDeleted === true,
    fields: (m) => ({ id: m.entityData.id, fullName: m.entityData.fullName, companyId: m.entityData.companyId }),
    awaits: wait === null ? [] : [{ ...companyWait, ...wait }],
    retry: defaultRetry,
    ...more,
  });
}

/** How often the handler's effect happened, kept as an entity so that every store can hold it. */
export interface Tally {
  readonly id: string;
  readonly count: number;
}

export const ownedTally = owned<Tally, Tally>({
  entity: 'Tally',
  message: { name: 'TallyChanged', version: '1', validate: object<Tally>('id', 'count') },
  address: { exchange: events, key: 'surveys.tally.{op}' },
  key: (e) => e.id,
  deletes: false,
  outbox: true,
});

export interface Welcome {
  readonly employeeId: string;
}

export const welcome = outgoing<Welcome>({
  message: { name: 'Welcome', version: '1', validate: object<Welcome>('employeeId') },
  address: { exchange: events, key: 'surveys.welcome' },
  outbox: true,
});

export const outgoingWithoutOutbox = outgoing<Welcome>({ ...welcome, outbox: false });

export const threeTries: RetryPolicy = {
  attemptsMax: 3,
  backoff: 'fixed',
  initialMs: 1_000,
  maxMs: 1_000,
  jitter: 'none',
};

/** The handler slot for Hired; `more` replaces parts. */
export function onHired(more: Partial<EffectDefinition<Hired>> = {}): EffectDefinition<Hired> {
  return effect<Hired>({
    name: 'surveys.onHired',
    handler: 'onHired',
    message: hired,
    awaits: [],
    retry: threeTries,
    transaction: 'single',
    ...more,
  });
}

/** A validator as strict as these tests need: an object with these properties. */
function object<T>(...names: readonly (string & keyof T)[]): Validator<T> {
  const validate: Validator<T> = (data): data is T => {
    const missing = names.find((name) => typeof data !== 'object' || data === null || !Object.hasOwn(data, name));
    validate.errors =
      missing === undefined
        ? null
        : [
            {
              instancePath: '',
              schemaPath: '#/required',
              keyword: 'required',
              params: {},
              message: `must have ${missing}`,
            },
          ];
    return missing === undefined;
  };
  return validate;
}
