import type { AsyncApiDocument, OpenApiDocument, Workspace } from '../../load/documents.js';
import { kebab } from '../naming.js';

/**
 * Without any feature file, each document speaks for the one application that its title names: its send and receive operations, its paths. That makes a folder with
 * nothing but somebody's AsyncAPI or OpenAPI file useful.
 */
export function adoptLoneDocuments(workspace: Workspace): Workspace {
  if (workspace.features.length > 0) return workspace;
  const named = <D extends AsyncApiDocument | OpenApiDocument>(document: D): D =>
    document.service === undefined ? { ...document, service: serviceName(document) } : document;
  return { ...workspace, asyncapi: workspace.asyncapi.map(named), openapi: workspace.openapi.map(named) };
}

/** A name that the language allows for a service. */
function serviceName(document: AsyncApiDocument | OpenApiDocument): string {
  const slug = kebab(document.title ?? '').replace(/^[^a-z]+/, '');
  return slug === '' ? 'application' : slug.slice(0, 60).replace(/-+$/, '');
}
