import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import type { EmitInput, Emitter, PlannedFile } from './emitter.js';

/** Collects what every emitter wants to write. Two plans for one path are refused, also when only upper and lower case differ. */
export function planFiles(
  emitters: readonly Emitter[],
  input: EmitInput,
): { readonly files: readonly PlannedFile[]; readonly findings: readonly Finding[] } {
  const byPath = new Map<string, PlannedFile>();
  const findings: Finding[] = [];
  for (const emitter of emitters) {
    for (const file of emitter.plan(input)) {
      const key = `${file.base}/${file.path}`.toLowerCase();
      const known = byPath.get(key);
      if (known === undefined) {
        byPath.set(key, file);
        continue;
      }
      findings.push({
        rule: 'output-collision',
        severity: 'error',
        message: `"${file.path}" would be written twice: for "${known.source}" and for "${file.source}".`,
        at: startOf(file.source),
        related: [{ at: startOf(known.source), message: `also written by ${known.emitter}` }],
        fix: 'rename one of the two, so that their file names differ in more than upper and lower case.',
      });
    }
  }
  return { files: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), findings };
}
