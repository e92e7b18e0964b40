import fc from 'fast-check';
import { expect } from 'vitest';
import type { ReplicaTable } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { companies, incoming, outboxMessage, parkedMessage, wire } from './messages.js';

const nasty = [
  `"; drop table sw_inbox; --`,
  `'; drop schema public cascade; --`,
  '__proto__',
  'constructor',
  'toString',
  '$1',
  '%s\\',
  'naïve 😀 \u202e',
  ' ',
  '{"a":1}',
  'null',
];

export function hostileCases(test: Register, open: OpenStore): void {
  test('values of every kind are only values', async () => {
    const store = await open();
    for (const text of nasty) {
      await store.transaction(async (tx) => {
        expect(await tx.claim(text, text)).toBe(true);
        expect(await tx.advanceGuard(text, text, text, incoming(1, { tie: text, hash: text }))).toBe('applied');
        expect(await tx.peekGuard(text, text, text, incoming(1, { tie: text, hash: text }))).toBe('duplicate');
        await tx.putReplica(companies, text, { name: text }, incoming(1));
        expect(await tx.getReplica(companies, text)).toEqual({ name: text });
        await tx.advanceOwned(text, text, { state: { [text]: text }, deleted: false, nowMs: 0 });
        expect(Object.entries((await tx.owned(text, text))?.state ?? {})).toEqual([[text, text]]);
        const headers = Object.fromEntries([[text, text]]);
        const message = { headers, body: wire(text).body };
        await tx.appendOutbox([{ ...outboxMessage(text, text), message }]);
        const [taken] = await tx.takeOutbox({ nowMs: 0, untilMs: 1, limit: 1, runMax: 1 });
        expect(taken?.message).toEqual(message);
        expect(Object.entries(taken?.message.headers ?? {})).toEqual([[text, text]]);
        await tx.removeOutbox([text]);
        const names = { consumer: text, entity: text, entityId: text, messageId: text };
        await tx.park(parkedMessage({ ...names, dependency: { entity: text, id: text } }));
        await tx.lock([text]);
        expect(await tx.releaseParked({ entity: text, id: text })).toBe(1);
        await tx.removeParked(names);
        expect(await tx.countParked(text)).toBe(0);
      });
    }
  });

  test('names of tables, columns and fields are only names', async () => {
    const store = await open();
    for (const name of nasty) {
      const table: ReplicaTable = {
        name: name.slice(0, 40),
        entity: name,
        columns: [
          { name, field: name, type: 'text' },
          { name: 'other', field: 'other', type: 'jsonb' },
        ],
      };
      await store.prepare([table]);
      const row = Object.fromEntries([
        [name, 'value'],
        ['other', { [name]: [name] }],
      ]);
      const read = await store.transaction(async (tx) => {
        await tx.putReplica(table, 'x', row, incoming(1));
        return [await tx.getReplica(table, 'x'), ...(await tx.listReplica(table, { limit: 1 }))];
      });
      for (const copy of read) expect(new Map(Object.entries(copy ?? {}))).toEqual(new Map(Object.entries(row)));
    }
  });

  test('any text, number and JSON comes back as it was', async () => {
    const store = await open();
    const table: ReplicaTable = {
      name: 'anything',
      entity: 'Anything',
      columns: [
        { name: 'a', field: 'a', type: 'text' },
        { name: 'b', field: 'b', type: 'double precision' },
        { name: 'c', field: 'c', type: 'jsonb' },
        { name: 'd', field: 'd', type: 'bigint' },
      ],
    };
    await store.prepare([table]);
    let version = 0;
    // The zero character is the one that PostgreSQL's text cannot hold.
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const json = fc
      .jsonValue({ noUnicodeString: true, maxDepth: 3 })
      .filter((value) => !JSON.stringify(value).includes('\\u0000'));
    await fc.assert(
      fc.asyncProperty(text, number, json, fc.maxSafeInteger(), async (a, b, c, d) => {
        version += 1;
        const row = { a, b, c, d };
        const read = await store.transaction(async (tx) => {
          await tx.putReplica(table, a, row, incoming(version));
          return tx.getReplica(table, a);
        });
        expect(read).toEqual(JSON.parse(JSON.stringify(row)));
      }),
      { numRuns: 150 },
    );
  });
}
