import { check } from '../../generator/check/check.js';
import { compareFindings, type Finding } from '../../generator/diagnostics/finding.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import { reportText } from '../../generator/report/text.js';

/** Loads, builds and checks one folder; positions are relative to it. The day is fixed, so that acceptances do not expire under a test. */
export async function judge(dir: string): Promise<readonly Finding[]> {
  const { workspace, findings } = await loadWorkspace('.', { cwd: dir, project: dir, validate: 'fast' });
  if (workspace === undefined) throw new Error(`${dir} holds no contracts`);
  const { model, findings: built } = buildModel(workspace);
  const checked = check(model, { today: '2026-01-31' });
  return [...findings, ...built, ...checked.findings].sort(compareFindings);
}

/** Findings as the text report prints them, without its summary. */
export function shown(findings: readonly Finding[]): string {
  const report = reportText(findings, { color: false, elapsedMs: 0 });
  return report.split('\n').slice(0, -2).join('\n').concat('\n');
}
