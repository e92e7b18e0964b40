import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../generator/check/check.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';

const CASES = join(import.meta.dirname, '../cases/load');

/** Whatever can be loaded, however odd, is judged without an exception, and twice in the same way. */
describe('rules on the inputs that loading is tested with', () => {
  it.each(readdirSync(CASES).sort())('%s', async (name) => {
    const dir = join(CASES, name);
    const { workspace } = await loadWorkspace('.', { cwd: dir, project: dir, validate: 'fast' });
    if (workspace === undefined) return;
    const { model } = buildModel(workspace);
    const first = check(model, { today: '2026-01-31' });
    for (const finding of first.findings) {
      expect(finding.message, finding.rule).toMatch(/\.$/);
      expect(finding.message, finding.rule).not.toMatch(/undefined|\[object|NaN/);
      expect(finding.at.file, finding.rule).not.toBe('');
      expect(finding.subject, finding.rule).toBeTruthy();
    }
    expect(check(model, { today: '2026-01-31' }).findings).toEqual(first.findings);
  });
});
