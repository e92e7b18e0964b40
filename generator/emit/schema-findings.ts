import type { Finding } from '../diagnostics/finding.js';
import type { Model } from '../model/types.js';
import { catalogueHttp } from './http/catalogue.js';
import { providerDocuments } from './http/documents.js';
import { problemFinding } from './schema-problems.js';
import { catalogueMessages } from './typescript/catalogue.js';

/** What generating would say of the schemas, without generating: keywords that are not enforced, patterns that cannot be read. */
export function schemaFindings(model: Model): readonly Finding[] {
  const http = providerDocuments(model).flatMap((document) => catalogueHttp(model, document).problems);
  return [...catalogueMessages(model).findings, ...http.map((problem) => problemFinding(problem, model))];
}
