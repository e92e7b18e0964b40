import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { invariants } from '../../../harness/invariants/registry.js';
import { mutants } from '../../../harness/mutants/registry.js';
import { foundByShape } from '../../../harness/mutants/shape-check.js';
import { scenarios } from '../../../harness/scenarios/registry.js';
import { mutantsPage } from './page.js';
import { subjectsOf } from './worked-subjects.js';

const path = join(import.meta.dirname, '../../../docs/reference/mutants.md');

it('the reference names every mistake, and says which of them a check of shapes finds', {
  timeout: 120_000,
}, async () => {
  const shown = [];
  for (const mutant of mutants) shown.push({ mutant, shape: await foundByShape(mutant, await subjectsOf(mutant)) });
  const page = mutantsPage(shown);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(path, page);
  expect(readFileSync(path, 'utf8')).toBe(page);
});

it.each(mutants)(
  '$id breaks promises that there are, in scenarios that there are',
  ({ expected, scenarios: played }) => {
    expect(invariants.map(({ id }) => id)).toEqual(expect.arrayContaining([...expected]));
    expect(scenarios.map(({ id }) => id)).toEqual(expect.arrayContaining([...played]));
  },
);
