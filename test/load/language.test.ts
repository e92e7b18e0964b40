import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFeature } from '../../generator/load/feature.js';
import { Files } from '../../generator/load/files.js';
import { languageOf } from '../../generator/load/language.js';
import { mistakesIn } from '../../generator/load/mistakes.js';

const EXAMPLES = join(import.meta.dirname, 'examples');
const names = readdirSync(EXAMPLES).sort();

function exampleNamed(name: string) {
  const files = new Files({ cwd: EXAMPLES, project: EXAMPLES });
  const source = files.read(join(EXAMPLES, name));
  if (source === undefined) throw new Error(`${name} cannot be read`);
  return source;
}

describe('the language of feature.yaml', () => {
  it.each(names)('accepts %s as it stands', (name) => {
    expect(readFeature(exampleNamed(name)).findings).toEqual([]);
  });

  it.each(['feature', 'services', 'seamwright'] as const)('describes every key of %s for editors', (language) => {
    expect(undescribed(languageOf(language).schema, '')).toEqual([]);
  });

  it('finds a mistake by explanation exactly when Ajv finds one', () => {
    const { schema, check } = languageOf('feature');
    const values = names.map((name) => exampleNamed(name).value);
    fc.assert(
      fc.property(
        fc.constantFrom(...values),
        fc.nat(),
        fc.constantFrom<Change>('drop', 'retype', 'rename', 'number'),
        (value, at, change) => {
          const changed = changedAt(value, at, change);
          expect(mistakesIn(changed, schema, schema).length > 0).toBe(check(changed).length > 0);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

type Change = 'drop' | 'retype' | 'rename' | 'number';

/** The value with one place of it changed, the `at`-th in depth-first order. */
function changedAt(value: unknown, at: number, change: Change): unknown {
  const copy = JSON.parse(JSON.stringify(value)) as unknown;
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const place = places[at % places.length];
  if (place === undefined) return copy;
  const [owner, key] = place;
  const before = owner[key];
  if (change === 'number') owner[key] = 30;
  else if (change === 'retype')
    owner[key] = Array.isArray(before) ? {} : typeof before === 'object' ? 'text' : [before];
  else {
    if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else delete owner[key];
    if (change === 'rename' && !Array.isArray(owner)) owner[`${key}s`] = before;
  }
  return copy;
}

function undescribed(node: unknown, path: string): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, item]) => {
    if (key !== 'properties') return undescribed(item, `${path}/${key}`);
    return Object.entries(item as Record<string, { description?: string }>).flatMap(([name, property]) => [
      ...(property.description ? [] : [`${path}/${name}`]),
      ...undescribed(property, `${path}/${name}`),
    ]);
  });
}
