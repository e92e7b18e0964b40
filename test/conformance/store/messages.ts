import type { Incoming } from '../../../runtime/guard.js';
import type { OutboxMessage, ParkedMessage, ReplicaTable } from '../../../runtime/stores/store.js';

/** Values that a test names; everything else is plain. */
export function incoming(
  sequence: number | bigint,
  change: Partial<Omit<Incoming, 'version'>> & { readonly epoch?: number; readonly tie?: string } = {},
): Incoming {
  const { epoch = 0, tie = '', ...rest } = change;
  return {
    version: { epoch, sequence: BigInt(sequence), tie },
    hash: `hash of ${sequence}${tie}`,
    deleted: false,
    force: false,
    carries: 'state',
    equalApplies: false,
    ...rest,
  };
}

export const employees: ReplicaTable = {
  name: 'employee',
  entity: 'Employee',
  columns: [
    { name: 'full_name', field: 'fullName', type: 'text' },
    { name: 'salary', field: 'salary', type: 'bigint' },
    { name: 'score', field: 'score', type: 'double precision' },
    { name: 'is_active', field: 'isActive', type: 'boolean' },
    { name: 'tags', field: 'tags', type: 'jsonb' },
    { name: 'note', field: 'note', type: 'text', optional: true },
  ],
};

export const companies: ReplicaTable = {
  name: 'company',
  entity: 'Company',
  columns: [{ name: 'name', field: 'name', type: 'text' }],
};

/** An employee row, whole. */
export function employee(fullName: string): Readonly<Record<string, unknown>> {
  return { fullName, salary: 120_000, score: 0.5, isActive: true, tags: ['a', { b: [null, 1.5] }], note: 'n' };
}

export function outboxMessage(id: string, key: string, dueAt = 0): OutboxMessage {
  return {
    id,
    key,
    dueAt,
    address: { exchange: 'people.events', key: 'people.employee.created', partitionKey: key },
    message: wire(id),
  };
}

export function parkedMessage(change: Partial<ParkedMessage> & { readonly sequence?: number } = {}): ParkedMessage {
  const { sequence = 1, ...rest } = change;
  return {
    consumer: 'surveys.Employee',
    entity: 'Employee',
    entityId: 'e1',
    dependency: { entity: 'Company', id: 'c1' },
    messageId: `m${sequence}`,
    version: { epoch: 0, sequence: BigInt(sequence), tie: '' },
    message: wire(`m${sequence}`),
    parkedAt: 1000,
    timeoutAt: 2000,
    expiresAt: 3000,
    attempts: 1,
    ...rest,
  };
}

export function wire(id: string): { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } {
  return { headers: { 'ce-id': id, 'ce-type': 'T' }, body: new TextEncoder().encode(`{"id":${JSON.stringify(id)}}`) };
}

/** Lets the other transactions take `turns` steps. */
export async function yieldTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
