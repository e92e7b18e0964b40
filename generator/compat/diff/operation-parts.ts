import type { HttpOperation, HttpParameter, HttpResponse } from '../../load/documents.js';

/** `query.limit`; a parameter of the path by its place there: `path.0`. */
export function parametersOf(operation: HttpOperation): ReadonlyMap<string, HttpParameter> {
  const inPath = [...operation.path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]);
  return new Map(
    operation.parameters.map((parameter) => {
      const index = parameter.in === 'path' ? inPath.indexOf(parameter.name) : -1;
      return [`${parameter.in}.${index < 0 ? spelled(parameter) : index}`, parameter];
    }),
  );
}

export function responsesOf(operation: HttpOperation): ReadonlyMap<string, HttpResponse> {
  return new Map(operation.responses.map((response) => [response.status, response]));
}

export function headersOf(response: HttpResponse): ReadonlyMap<string, HttpResponse['headers'][number]> {
  return new Map(response.headers.map((header) => [header.name.toLowerCase(), header]));
}

/** Names of headers have no case. */
export function spelled(parameter: HttpParameter): string {
  return parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
}
