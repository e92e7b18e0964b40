import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../runtime/consume/consumer.js';
import { open } from '../../runtime/consume/validate.js';
import { replica } from '../../runtime/define.js';
import { unsecured } from '../../runtime/security/security.js';
import { expectName, playScenario, scenario } from './scenarios/scenario.js';
import { companyCopy, employeeCopy, onHired } from './world/contracts.js';
import { deadLetters, deliver, employeeWire } from './world/messages.js';

const anyone = { security: unsecured, messageBytesMax: 1_000_000 };
const employee: Consumer = { kind: 'replica', definition: employeeCopy(null) };
const company: Consumer = { kind: 'replica', definition: companyCopy };
const hired: Consumer = { kind: 'effect', definition: onHired(), handler: async () => {} };

const table = (...consumers: readonly Consumer[]) =>
  new Map(consumers.map((consumer) => [consumer.definition.message.name, [consumer]]));

/** As a producer sends it that has never heard of CloudEvents: no header but the broker's own. */
function bare(body: object, headers: Readonly<Record<string, string>> = {}) {
  return { headers, body: new TextEncoder().encode(JSON.stringify(body)) };
}

const inBody = {
  messageId: 'm1',
  createdUtcDate: '2026-01-01T00:00:00Z',
  isForceSync: false,
  crudAction: 'Updated',
  entityData: { id: 'e1', fullName: 'Ann', companyId: 'c1', isActive: true },
};

describe('a message without ce- headers', () => {
  it('is the only one that its body can be, with the attributes of its body', () => {
    expect(open(anyone, table(employee, company, hired), bare(inBody))).toMatchObject({
      kind: 'valid',
      consumers: [employee],
      envelope: {
        ...{ id: 'm1', type: 'EmployeeEntityEventBusMessage', source: 'people', time: '2026-01-01T00:00:00Z' },
        ...{ op: 'updated', force: false, correlationid: 'm1' },
      },
    });
  });

  it('takes attributes from declared headers first, then from the body', () => {
    const message = {
      ...employeeCopy(null).message,
      headers: { 'x-correlation-id': 'correlationid', 'x-id': 'id', producer: 'source' },
    } as const;
    const declared: Consumer = { kind: 'replica', definition: replica({ ...employeeCopy(null), message }) };
    const headers = { 'x-correlation-id': 'order-7', 'x-id': 'from the header', producer: 'legacy' };
    expect(open(anyone, table(declared, company), bare(inBody, headers))).toMatchObject({
      kind: 'valid',
      envelope: { id: 'from the header', correlationid: 'order-7', source: 'legacy', time: '2026-01-01T00:00:00Z' },
    });
    // CloudEvents attributes have the last word.
    expect(open(anyone, table(declared), bare(inBody, { ...headers, 'ce-id': 'ce' }))).toMatchObject({
      kind: 'valid',
      envelope: { id: 'ce' },
    });
  });

  it('does not trip over a declared header that holds something else', () => {
    const message = {
      ...employeeCopy(null).message,
      headers: { timestamp: 'time', 'x-correlation-id': 'correlationid', producer: 'source', 'x-id': 'id' },
    } as const;
    const declared: Consumer = { kind: 'replica', definition: replica({ ...employeeCopy(null), message }) };
    const headers = { timestamp: '1767225600', 'x-correlation-id': '100% sure', producer: '', 'x-id': '' };
    expect(open(anyone, table(declared), bare(inBody, headers))).toMatchObject({
      kind: 'valid',
      envelope: { id: 'm1', time: '2026-01-01T00:00:00Z', correlationid: '100% sure', source: 'people' },
    });
  });

  it('reads attributes from declared headers beside a ce-type too', () => {
    const message = { ...companyCopy.message, headers: { 'x-id': 'id', 'x-at': 'time', 'x-from': 'source' } } as const;
    const declared: Consumer = { kind: 'replica', definition: replica({ ...companyCopy, message }) };
    const headers = { 'ce-type': message.name, 'x-id': 'm 1', 'x-at': '2026-01-01T00:00:00Z', 'x-from': 'accounts' };
    expect(open(anyone, table(declared), bare({ id: 'c1', name: 'Acme' }, headers))).toMatchObject({
      kind: 'valid',
      envelope: { id: 'm 1', source: 'accounts' },
    });
  });

  it('is unreadable when it can be several, or none', () => {
    const twin: Consumer = {
      kind: 'replica',
      definition: { ...employeeCopy(null), message: { ...employeeCopy(null).message, name: 'Twin' } },
    };
    expect(open(anyone, table(employee, twin), bare(inBody))).toMatchObject({
      kind: 'broken',
      verdict: { reason: 'undecodable', detail: expect.stringContaining('EmployeeEntityEventBusMessage, Twin') },
    });
    expect(open(anyone, table(employee, company), bare({ other: 1 }))).toMatchObject({
      kind: 'broken',
      verdict: { reason: 'undecodable' },
    });
    expect(open(anyone, table(employee), { headers: {}, body: Uint8Array.of(0xff, 0xfe) })).toMatchObject({
      kind: 'broken',
      verdict: { reason: 'undecodable', detail: expect.stringContaining('UTF-8') },
    });
  });

  it('is unreadable when nothing says its id: nobody could tell it from the next one', () => {
    expect(open(anyone, table(company), bare({ id: 'c1', name: 'Acme' }))).toMatchObject({
      kind: 'broken',
      verdict: { detail: expect.stringContaining('"id" is missing') },
    });
  });

  it('may number its messages', () => {
    const opened = open(anyone, table(employee), bare({ ...inBody, messageId: 4711 }));
    expect(opened).toMatchObject({ kind: 'valid', envelope: { id: '4711' } });
  });

  it('waits, is released and applied like any other', async () => {
    const foreign = { headers: {}, body: employeeWire({ at: 1 }).body };
    await playScenario(
      scenario(
        'foreign',
        () => ({}),
        async (world) => {
          await deliver(world, foreign);
          await world.settle();
          await expectName(world, null);
          await world.run(world.accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' })));
          await world.settle();
          await expectName(world, 'name 1');
          expect(deadLetters(world)).toEqual([]);
        },
      ),
    );
  });
});
