import type { ChangeKind, Envelope, WireMessage } from '../../../runtime/envelope.js';
import { decode, encode } from '../../../runtime/wire.js';
import { companyChanged, type EmployeeMessage, employeeMessage, hired } from './contracts.js';
import { surveysQueue, tapQueue, type World } from './world.js';

export interface EmployeeFacts {
  readonly id?: string;
  /** Position in time, in microseconds; the version. */
  readonly at: number;
  readonly messageId?: string;
  readonly op?: 'created' | 'updated' | 'deleted';
  readonly name?: string;
  readonly companyId?: string;
  readonly force?: boolean;
}

/** A message as EasyPlatform's producers write it: everything in the body. */
export function employeeWire(facts: EmployeeFacts): WireMessage {
  const { id = 'e1', at, op = 'updated', companyId = 'c1' } = facts;
  const time = `2025-12-31T00:00:00.${String(at).padStart(6, '0')}Z`;
  const messageId = facts.messageId ?? `m${String(at).padStart(6, '0')}`;
  const data: EmployeeMessage = {
    messageId,
    createdUtcDate: time,
    isForceSync: facts.force === true,
    crudAction: op === 'created' ? 'Created' : op === 'deleted' ? 'Deleted' : 'Updated',
    entityData: { id, fullName: facts.name ?? `name ${at}`, companyId, isActive: true, isDeleted: op === 'deleted' },
  };
  return encode({
    ...{ id: messageId, source: 'people', type: employeeMessage.name, time, correlationid: `flow-${messageId}` },
    ...{ op, carries: 'state', data },
  });
}

/** A message of Company with a counted version. */
export function companyWire(facts: {
  readonly id?: string;
  readonly sequence: number;
  readonly op?: ChangeKind;
  readonly name?: string;
  readonly previous?: number;
}): WireMessage {
  const { id = 'c1', sequence, op = 'updated', name = `company ${sequence}`, previous } = facts;
  return encode({
    ...{ id: `${id}-${sequence}`, source: 'accounts', type: companyChanged.name, time: '2026-01-01T00:00:00Z' },
    ...{ correlationid: 'flow', sequence: String(sequence), epoch: '0', op, carries: 'state', data: { id, name } },
    ...(previous !== undefined && { previoussequence: String(previous) }),
  });
}

export function hiredWire(messageId: string, employeeId = 'e1', more: Partial<Envelope> = {}): WireMessage {
  return encode({
    ...{ id: messageId, source: 'people', type: hired.name, time: '2026-01-01T00:00:00Z', correlationid: 'flow-1' },
    data: { employeeId },
    ...more,
  });
}

/** Puts messages into the queue of surveys, in this order. */
export async function deliver(world: World, ...messages: readonly WireMessage[]): Promise<void> {
  for (const message of messages) await world.broker.publish({ exchange: '', key: surveysQueue }, message);
}

/** What surveys could not take. */
export function deadLetters(world: World): readonly WireMessage[] {
  return world.broker.deadLetters(surveysQueue);
}

/** Everything of one type that was published so far, decoded. */
export function published(world: World, type: string): readonly Envelope[] {
  return world.broker.messages(tapQueue).flatMap((message) => {
    const decoded = decode(message, type === employeeMessage.name ? employeeMessage.envelope : undefined);
    return decoded.ok && decoded.envelope.type === type ? [decoded.envelope] : [];
  });
}

/** The value of one of surveys' numbers; 0 when it was never touched. Attributes that are not named do not matter. */
export function metric(world: World, name: string, attributes: Readonly<Record<string, string>> = {}): number {
  return world.surveys
    .metrics()
    .filter(
      (one) => one.name === name && Object.entries(attributes).every(([key, value]) => one.attributes[key] === value),
    )
    .reduce((sum, one) => sum + one.value, 0);
}
