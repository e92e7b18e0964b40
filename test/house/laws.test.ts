import { describe, expect, it } from 'vitest';
import { laws } from './laws/registry.js';
import { codebaseOf, readCodebase } from './module.js';

const code = readCodebase();

describe('the laws of the house', () => {
  it('are read against the whole repository', () => {
    expect(code.size).toBeGreaterThan(200);
    expect([...code.keys()]).toContain('generator/pipeline.ts');
    expect([...code.keys()]).toContain('runtime/index.ts');
  });

  for (const law of laws) {
    describe(law.name, () => {
      it('holds', () => {
        expect(law.breaches(code)).toEqual([]);
      });
      for (const [what, files] of Object.entries(law.broken)) {
        it(`catches ${what}`, () => {
          expect(law.breaches(codebaseOf(files))).not.toEqual([]);
        });
      }
      for (const [what, files] of Object.entries(law.kept ?? {})) {
        it(`allows ${what}`, () => {
          expect(law.breaches(codebaseOf(files))).toEqual([]);
        });
      }
    });
  }
});
