import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { storeFor } from '../../runtime/stores/registry.js';

test.each([
  ['memory:', 'memory'],
  ['pglite:', 'pglite'],
  ['pglite:./data', 'pglite'],
  ['postgres://root:secret@db/x', 'postgres'],
  ['postgresql://root:secret@db/x?schema=people', 'postgres'],
  ['', 'pglite'],
  [undefined, 'pglite'],
])('%s opens the %s store', (url, kind) => {
  expect(storeFor(url, 'people').kind).toBe(kind);
});

test.each(['mysql://root:secret@db/x', '__proto__:', 'PGLITE:x'])(
  '%s is refused, naming the scheme and what is known, not the password',
  (url) => {
    let message = '';
    try {
      storeFor(url, 'people');
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(`"${url.slice(0, url.indexOf(':'))}:"`);
    expect(message).toContain('"memory:", "pglite:", "postgres:"');
    expect(message).not.toContain('secret');
  },
);

test('services of one process share the database in memory, which a restart finds again', async () => {
  const first = storeFor('pglite:', 'restarted');
  await first.prepare([]);
  await first.transaction((tx) => tx.claim('c', 'm1'));
  await first.close();
  const second = storeFor('pglite:', 'restarted');
  await second.prepare([]);
  expect(await second.transaction((tx) => tx.claim('c', 'm1'))).toBe(false);
  await dropPgliteSchema('restarted');
  await second.prepare([]);
  expect(await second.transaction((tx) => tx.claim('c', 'm1'))).toBe(true);
  await second.close();
});

test('a directory keeps the data when the database is closed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'seamwright-store-'));
  try {
    for (const expected of [true, false]) {
      const store = storeFor(`pglite:${directory}`, 'people');
      await store.prepare([]);
      expect(await store.transaction((tx) => tx.claim('c', 'm1'))).toBe(expected);
      await store.close();
      await store.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a directory that cannot be opened is reported as unavailable, and opened once it can be', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'seamwright-store-'));
  try {
    const directory = join(parent, 'data');
    await writeFile(directory, 'not a directory');
    const store = storeFor(`pglite:${directory}`, 'people');
    await expect(store.prepare([])).rejects.toMatchObject({ code: 'unavailable', retriable: true });
    await rm(directory);
    await store.prepare([]);
    await store.close();
  } finally {
    await rm(parent, { recursive: true });
  }
});
