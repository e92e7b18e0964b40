import type { Finding } from '../../diagnostics/finding.js';
import type { SchemaProblem } from '../../schema/node.js';
import type { HttpCatalogue } from './catalogue.js';
import type { HttpModel } from './documents.js';

/** Problems that leave the meaning of the schema as it is. */
const harmless = new Set<string>(['keyword-unknown', 'format-unknown', 'type-implied']);

/** What could not be read as written in the schemas of a provider's document. */
export function problemFindings(catalogue: HttpCatalogue, model: HttpModel): readonly Finding[] {
  return catalogue.problems.map((problem) => ({
    rule: `schema-${problem.code}`,
    severity: severityOf(problem),
    message: `Schema at "${problem.at.pointer}": ${problem.message}.`,
    at: model.locate(problem.at),
    fix: 'write it as JSON Schema defines it; until then every value is accepted here.',
  }));
}

function severityOf({ code }: SchemaProblem): Finding['severity'] {
  if (code === 'ref-unresolved' || code === 'ref-cycle') return 'error';
  return harmless.has(code) ? 'info' : 'warning';
}
