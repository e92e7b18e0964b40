import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { VerifyResult } from '../result.js';
import { htmlReport } from './html.js';
import { junitReport } from './junit.js';

/** Writes `report.html`, `report.json` and `report.xml` (JUnit) into a folder; answers their paths relative to `cwd`. */
export function writeReports(result: VerifyResult, folder: string, cwd: string): readonly string[] {
  const into = resolve(cwd, folder);
  mkdirSync(into, { recursive: true });
  const files = {
    'report.html': htmlReport(result),
    'report.json': `${JSON.stringify(result, null, 2)}\n`,
    'report.xml': `${junitReport(result)}\n`,
  };
  return Object.entries(files).map(([name, text]) => {
    const path = join(into, name);
    writeFileSync(path, text);
    return relative(cwd, path);
  });
}
