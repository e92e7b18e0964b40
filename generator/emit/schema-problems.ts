import type { Finding } from '../diagnostics/finding.js';
import type { Model } from '../model/types.js';
import type { SchemaProblem } from '../schema/node.js';

const SEVERITY: Readonly<Record<SchemaProblem['code'], Finding['severity']>> = {
  'ref-unresolved': 'error',
  'ref-cycle': 'error',
  'not-a-schema': 'warning',
  'keyword-invalid': 'warning',
  'pattern-invalid': 'warning',
  'keyword-unknown': 'info',
  'type-implied': 'info',
  'too-deep': 'error',
};

const FIX: Readonly<Record<SchemaProblem['code'], string>> = {
  'ref-unresolved': 'correct the reference, or add what it names.',
  'ref-cycle': 'let one of the references lead to a schema that is written out.',
  'not-a-schema': 'write a schema: a mapping, true or false.',
  'keyword-invalid': 'give the keyword a value of the form that JSON Schema defines; until then it is not enforced.',
  'pattern-invalid': 'correct the pattern; until then it is not enforced.',
  'keyword-unknown': 'remove it, correct its spelling, or start it with "x-".',
  'type-implied': 'write the type.',
  'too-deep': 'give the inner schemas names of their own and refer to them.',
};

/** What could not be read in a schema as it was written, at its place. */
export function problemFinding(problem: SchemaProblem, model: Pick<Model, 'locate'>): Finding {
  return {
    rule: `schema-${problem.code}`,
    severity: SEVERITY[problem.code],
    message: `Schema at "${problem.at.pointer}": ${problem.message}.`,
    at: model.locate(problem.at),
    fix: FIX[problem.code],
  };
}
