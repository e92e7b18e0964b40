import type { MessageDefinition } from '../../runtime/definition.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { messageType } from '../../runtime/wire.js';
import type { Subject } from '../subject.js';
import type { Mutant } from './mutant.js';
import { madeUp } from './occasions.js';
import { firstBreach, mayBeAbsent, messageNamed, onPayload } from './payload.js';
import { inStore, onBroker } from './ports.js';

const owners = ['easyplatform/accounts', 'easyplatform/text-snippet-people'];
const amounts = ['dhanman/sales', 'dhanman/payroll'];
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
const integer = /:\d+(?=[,}])/;
const hourMs = 3_600_000;

/** Mistakes of those who write a message in another way than it is read. */
export const shapeMutants: readonly Mutant[] = [
  {
    number: 49,
    id: 'wrong-unit',
    title: 'A number is kept in another unit, an instant in another zone.',
    patches: 'handler',
    expected: ['converged'],
    scenarios: ['create', 'update'],
    on: ['dhanman/community', 'dhanman/notification'],
    strikes: ['copy'],
    fits: ({ code }, { name }) =>
      (code.definition.copies[name]?.table.columns ?? []).some(
        (column) => /^(bigint|double)/.test(column.type) || /(At|Date|Time)$/.test(column.field),
      ),
    store: inStore((tx) => ({
      putReplica: (table, id, row, incoming) =>
        tx.putReplica(
          table,
          id,
          row && Object.fromEntries(Object.entries(row).map(([name, value]) => [name, mistaken(value)])),
          incoming,
        ),
    })),
  },
  {
    number: 50,
    id: 'unknown-word-crashes',
    title: 'A value that a consumer does not know becomes an error that nobody catches.',
    patches: 'handler',
    expected: ['comes-to-rest'],
    scenarios: ['poison'],
    on: ['dhanman/notification', 'easyplatform/text-snippet-surveys'],
    strikes: ['effect', 'copy'],
    apply: (create, { subject }) =>
      onBroker((broker) => ({
        subscribe: (queue, options, receive) =>
          broker.subscribe(queue, options, async (delivery) => {
            if (!isKnown(subject, delivery.message)) {
              // As a promise that nobody awaits.
              void Promise.reject(new Error('no such case'));
              throw new Error('no such case');
            }
            await receive(delivery);
          }),
      }))(create),
  },
  {
    number: 51,
    id: 'required-field-renamed',
    title: 'A field that consumers need has another name.',
    patches: 'handler',
    expected: ['valid-on-the-wire'],
    scenarios: ['create'],
    on: owners,
    strikes: ['owned', 'publishes'],
    apply: onPayload((data, message) =>
      firstBreach(data, message, (owner, name) => {
        owner[`new${name}`] = owner[name];
        Reflect.deleteProperty(owner, name);
      }),
    ),
  },
  {
    number: 52,
    id: 'optional-field-of-wrong-type',
    title: 'A field that may be left out is of another type.',
    patches: 'handler',
    expected: ['valid-on-the-wire'],
    scenarios: ['create', 'update'],
    on: ['dhanman/common', 'dhanman/sales', 'easyplatform/text-snippet-people', 'easyplatform/text-snippet-hiring'],
    strikes: ['owned', 'publishes'],
    fits: (subject, target) =>
      madeUp((data, edge) => {
        const message = messageNamed(subject, edge.message);
        return message !== undefined && ofAnotherType(data, message) !== undefined;
      })(subject, target),
    apply: onPayload(ofAnotherType),
  },
  {
    number: 53,
    id: 'null-for-a-value',
    title: 'A field that always has a value is null.',
    patches: 'handler',
    expected: ['valid-on-the-wire'],
    scenarios: ['create'],
    on: owners,
    strikes: ['owned', 'publishes'],
    apply: onPayload((data, message) =>
      firstBreach(data, message, (owner, name) => {
        owner[name] = null;
      }),
    ),
  },
  {
    number: 54,
    id: 'number-beyond-double',
    title: 'A number is larger than readers of JSON can hold.',
    patches: 'handler',
    expected: ['valid-on-the-wire'],
    scenarios: ['create', 'crash-after-commit-before-publish'],
    on: amounts,
    strikes: ['owned', 'publishes'],
    fits: madeUp((data) => integer.test(JSON.stringify(data))),
    apply: onPayload((data) => JSON.stringify(data).replace(integer, ':9007199254740993')),
  },
  {
    number: 55,
    id: 'date-without-offset',
    title: 'An instant does not say of which zone it is.',
    patches: 'handler',
    expected: ['valid-on-the-wire'],
    scenarios: ['create'],
    on: owners,
    strikes: ['owned', 'publishes'],
    apply: onPayload((data) => JSON.stringify(data).replace(/(T\d{2}:\d{2}:\d{2}(\.\d+)?)Z"/g, '$1"')),
  },
];

/** A property that may be left out holds something else. */
function ofAnotherType(data: unknown, message: MessageDefinition): string | undefined {
  const spoil = (owner: Record<string, unknown>, name: string): void => {
    owner[name] = { of: 'another type' };
  };
  return firstBreach(data, message, spoil, (path) => mayBeAbsent(data, message, path));
}

function mistaken(value: unknown): unknown {
  if (typeof value === 'number') return value * 100;
  return typeof value === 'string' && instant.test(value) ? new Date(Date.parse(value) + hourMs).toISOString() : value;
}

function isKnown(subject: Subject, wire: WireMessage): boolean {
  const message = messageNamed(subject, messageType(wire));
  try {
    return message?.validate(JSON.parse(new TextDecoder().decode(wire.body))) !== false;
  } catch {
    return true;
  }
}
