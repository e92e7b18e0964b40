import { posix } from 'node:path';
import type { Model, Operation } from '../../model/types.js';
import { distinct, pathSegment, variableName } from '../names.js';

/** The parts of a model that HTTP code is made from. */
export type HttpModel = Pick<Model, 'operations' | 'documents' | 'files' | 'schemas' | 'locate'>;

/** An OpenAPI document of one provider with the operations that are taken from it. */
export interface ProviderDocument {
  readonly service: string;
  /** Absolute path; key of `model.documents`. */
  readonly path: string;
  /** As shown to people. */
  readonly source: string;
  readonly version: string;
  /** Path below the output folder that its files start with, such as `http/common`. */
  readonly stem: string;
  readonly servers: readonly string[];
  readonly operations: readonly { readonly operation: Operation; readonly name: string }[];
}

/** Every document that has operations, by service and then by the order of the contracts. Method names are distinct within a service. */
export function providerDocuments(model: HttpModel): readonly ProviderDocument[] {
  const byService = new Map<string, Map<string, Operation[]>>();
  for (const operation of model.operations.values()) {
    const documents = byService.get(operation.service) ?? new Map<string, Operation[]>();
    documents.set(operation.document, [...(documents.get(operation.document) ?? []), operation]);
    byService.set(operation.service, documents);
  }
  return [...byService].flatMap(([service, documents]) => {
    const stems = stemsOf(service, [...documents.keys()]);
    const names = distinct([...documents.values()].flat(), (operation) => methodName(operation.id));
    return [...documents].map(([path, operations]) => {
      const { version, servers } = headOf(model.documents.get(path));
      return {
        service,
        path,
        source: model.files.get(path) ?? operations[0]?.at.file ?? path,
        version,
        stem: stems.get(path) ?? '',
        servers,
        operations: operations.map((operation) => ({ operation, name: names.get(operation) ?? operation.id })),
      };
    });
  });
}

/** Reserved words are fine as the name of a method; names that every object has, or that make it a promise, are not. */
function methodName(id: string): string {
  const name = variableName(id).replace(/_$/, '');
  return name in Object.prototype || name === 'then' ? `${name}_` : name;
}

/**
 * A service with one document gives its name to the files; where there are several, each adds the name of its document, or of its folder when all
 * documents are called like the service.
 */
function stemsOf(service: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const base = `http/${pathSegment(service)}`;
  if (paths.length === 1) return new Map(paths.map((path) => [path, base]));
  return distinct(paths, (path) => {
    const file = posix
      .basename(path.replaceAll('\\', '/'))
      .replace(/\.(ya?ml|json)$/i, '')
      .replace(/[._-]?openapi$/i, '');
    const folder = posix.basename(posix.dirname(path.replaceAll('\\', '/')));
    return `${base}.${pathSegment(file === service || file === '' ? folder : file)}`;
  });
}

function headOf(document: unknown): { readonly version: string; readonly servers: readonly string[] } {
  if (typeof document !== 'object' || document === null) return { version: '', servers: [] };
  const { openapi, servers } = document as { readonly openapi?: unknown; readonly servers?: unknown };
  return {
    version: typeof openapi === 'string' ? openapi : '',
    servers: Array.isArray(servers) ? servers.flatMap((server: unknown) => urlOf(server) ?? []) : [],
  };
}

/** URL of a server with the defaults of its variables filled in. */
function urlOf(server: unknown): string | undefined {
  if (typeof server !== 'object' || server === null || !('url' in server) || typeof server.url !== 'string')
    return undefined;
  const variables = 'variables' in server && typeof server.variables === 'object' ? server.variables : {};
  return server.url.replace(/\{([^{}]*)\}/g, (text, name: string) => {
    const variable: unknown =
      variables !== null && Object.hasOwn(variables, name) ? (variables as Record<string, unknown>)[name] : undefined;
    return typeof variable === 'object' && variable !== null && 'default' in variable ? String(variable.default) : text;
  });
}
