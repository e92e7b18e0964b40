import { docComment } from '../names.js';
import type { OperationFacts } from './catalogue.js';

/** One customer by id: `GET /api/customers/{customerId}`. Source: contracts/…:23 */
export function operationDoc({ operation }: OperationFacts, ...more: readonly string[]): string {
  const { method, path, summary, deprecated } = operation.definition;
  const call = `\`${method.toUpperCase()} ${path.replaceAll('`', "'")}\``;
  const said = summary?.trim().replace(/[.:]$/, '');
  const first = said === undefined || said === '' ? `${call}.` : `${said}: ${call}.`;
  return docComment(
    first,
    ...more,
    `Source: ${operation.at.file}:${operation.at.line}`,
    ...(deprecated ? ['@deprecated'] : []),
  );
}

/** The same inside an interface. */
export function indented(doc: string): string {
  return doc
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
