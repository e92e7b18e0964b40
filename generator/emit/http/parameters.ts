import type { HttpParameter } from '../../load/documents.js';
import type { Operation } from '../../model/types.js';
import { distinct, variableName } from '../names.js';

/** A parameter with the property that holds it in a request. */
export interface NamedParameter {
  readonly parameter: HttpParameter;
  readonly as: string;
}

/** Described by the specification elsewhere; OpenAPI says to ignore them as parameters (3.1, section 4.8.12.2). */
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization']);

/**
 * Parameters of an operation with their property names. Path and query parameters keep the contract's name, headers and cookies get one of
 * TypeScript's kind (`X-Company-Id` is `xCompanyId`), the idempotency key is always `idempotencyKey`.
 */
export function namedParameters(operation: Operation): readonly NamedParameter[] {
  const parameters = completed(operation);
  return (['path', 'query', 'header', 'cookie'] as const).flatMap((place) => {
    const group = parameters.filter((parameter) => parameter.in === place);
    const names = distinctExactly(group, (parameter) => propertyName(parameter, operation.idempotencyHeader));
    return group.map((parameter) => ({ parameter, as: names.get(parameter) ?? parameter.name }));
  });
}

/** Names of different groups that clash, or that clash with the body, cannot lie side by side in one object. */
export function mustNest(parameters: readonly NamedParameter[], hasBody: boolean): boolean {
  const names = [...parameters.map(({ as }) => as), ...(hasBody ? ['body', 'contentType'] : [])];
  return new Set(names).size < names.length;
}

/** What the path template names and nobody describes is a string; what nobody can send is left out. */
function completed(operation: Operation): readonly HttpParameter[] {
  const { definition } = operation;
  const inPath = [...new Set([...definition.path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''))];
  const headers = new Set<string>();
  const known = definition.parameters.filter((parameter) => {
    if (parameter.in === 'path') return inPath.includes(parameter.name);
    if (parameter.in !== 'header') return true;
    const name = parameter.name.toLowerCase();
    const twice = headers.has(name) || ignoredHeaders.has(name);
    headers.add(name);
    return !twice;
  });
  const missing = inPath.filter(
    (name) => !known.some((parameter) => parameter.in === 'path' && parameter.name === name),
  );
  return [...missing.map((name): HttpParameter => ({ name, in: 'path', required: true, at: definition.at })), ...known];
}

function propertyName(parameter: HttpParameter, idempotencyHeader: string | undefined): string {
  if (parameter.in === 'path' || parameter.in === 'query') return parameter.name;
  if (parameter.in === 'header' && parameter.name === idempotencyHeader) return 'idempotencyKey';
  return variableName(parameter.name).replace(/_$/, '');
}

/** Contract names that differ only in case are different properties; generated ones are made distinct. */
function distinctExactly(
  group: readonly HttpParameter[],
  wanted: (parameter: HttpParameter) => string,
): ReadonlyMap<HttpParameter, string> {
  if (group.some((parameter) => parameter.in === 'header' || parameter.in === 'cookie')) return distinct(group, wanted);
  return new Map(group.map((parameter) => [parameter, wanted(parameter)]));
}
