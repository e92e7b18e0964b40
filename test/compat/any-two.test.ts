import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import { loadModel } from './load-model.js';

const ROOT = join(import.meta.dirname, '../..');
const odd = ['contracts', 'test/cases/load', 'test/cases/emit', 'test/cases/http'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name)),
);

/** Whatever can be loaded is compared with whatever else can be loaded: everything goes, everything comes, and all of it is odd. */
describe('any two workspaces', () => {
  it.each(odd.map((folder, index) => [folder, odd[(index + 1) % odd.length] ?? folder] as const))(
    '%s and %s',
    async (one, two) => {
      const before = await loadModel(join(ROOT, one));
      const after = await loadModel(join(ROOT, two));
      if (before === undefined || after === undefined) return;
      const changes = diff(before, after);
      const judgements = judge(changes, { before, after });
      for (const { rule, message, at, subject, features, writers, readers, affected } of judgements) {
        expect(message, rule).toMatch(/\.$/);
        expect(message, rule).not.toMatch(/undefined|\[object|NaN|Infinity/);
        expect(at.file, rule).not.toBe('');
        expect(subject, rule).toMatch(/^[a-z]+:./);
        for (const name of [...features, ...writers, ...readers, ...affected.map(({ service }) => service)])
          expect(name, rule).not.toBe('');
      }
      expect(diff(before, after)).toEqual(changes);
      expect(judge(changes, { before, after })).toEqual(judgements);
    },
  );
});

it('a schema that is nested as deep as contracts may be is compared to its end', async () => {
  const dir = join(ROOT, 'test/cases/compat/message-version-not-raised/before');
  const file = join(dir, 'asyncapi.yaml');
  expect(existsSync(file)).toBe(true);
  const nested = (depth: number, leaf: string): string =>
    `${'{"type":"object","properties":{"a":'.repeat(depth)}{"type":"${leaf}"}${'}}'.repeat(depth)}`;
  const document = (leaf: string): string =>
    `{"asyncapi":"3.0.0","info":{"title":"Deep","version":"1.0.0"},"channels":{},"components":{"messages":{"CustomerChanged":{"payload":${nested(60, leaf)}}}}}`;
  const [before, after] = [
    await loadModel(dir, new Map([[file, document('string')]])),
    await loadModel(dir, new Map([[file, document('number')]])),
  ];
  if (before === undefined || after === undefined) throw new Error('cannot be read');
  expect(diff(before, after).filter((change) => change.kind === 'schema')).toHaveLength(1);
});
