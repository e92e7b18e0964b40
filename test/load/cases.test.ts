import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareFindings } from '../../generator/diagnostics/finding.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { describeLoaded } from './describe-workspace.js';

const CASES = join(import.meta.dirname, '../cases/load');

/** A case is a folder: contracts, and in expected.txt what loading says of them. UPDATE_CASES=1 rewrites the expectations; read the difference. */
describe('loading a workspace', () => {
  for (const name of readdirSync(CASES).sort()) {
    it(name, async () => {
      const dir = join(CASES, name);
      const { workspace, findings, pendingFindings } = await loadWorkspace('.', {
        cwd: dir,
        project: dir,
        env: { NATS_HOST: 'nats.example' },
      });
      const judged = (await pendingFindings).filter((finding) => finding.severity !== 'info');
      const actual = describeLoaded([...findings, ...judged].sort(compareFindings), workspace);
      const file = join(dir, 'expected.txt');
      if (process.env.UPDATE_CASES === '1') writeFileSync(file, actual);
      expect(actual).toBe(readFileSync(file, 'utf8'));
    });
  }
});
