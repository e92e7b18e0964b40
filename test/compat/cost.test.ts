import { expect, it, vi } from 'vitest';

const asked = vi.hoisted(() => ({ count: 0 }));
vi.mock('../../generator/schema/contains.js', async (original) => {
  const module = await original<typeof import('../../generator/schema/contains.js')>();
  const contains: typeof module.contains = (...sides) => {
    asked.count++;
    return module.contains(...sides);
  };
  return { ...module, contains };
});

// Files share their modules: those that are loaded already would ask past the count.
vi.resetModules();
const { bigOpenApi, changed, plantedOpenApi } = await import('./big-openapi.js');
const { compareDocuments } = await import('./compare-documents.js');

/** Questions of containment that a comparison asks, with the changes planted once in every `paths / times` paths. */
async function questions(paths: number, times: number): Promise<number> {
  const before = bigOpenApi(paths);
  const width = paths / times;
  const planted = Array.from({ length: times }, (_, index) =>
    plantedOpenApi(1).map((each) => ({ ...each, path: each.path + index * width })),
  ).flat();
  asked.count = 0;
  const judgements = await compareDocuments('api.openapi.json', before, changed(before, planted));
  expect(judgements.filter(({ verdict }) => verdict === 'breaking')).toHaveLength(17 * times);
  return asked.count;
}

it('costs by what changed, not by what is there', async () => {
  const few = await questions(30, 1);
  expect(few).toBeGreaterThan(10);
  expect(await questions(120, 1)).toBe(few);
});

it('costs ten times as much for ten times as many changes', async () => {
  const once = await questions(30, 1);
  expect(await questions(300, 10)).toBeLessThanOrEqual(once * 12);
});
