import { componentSchemas } from './asyncapi-document.js';
import type { OpenApiDocument, Source } from './documents.js';
import { readOperations } from './openapi-operations.js';
import { child, children, mappingAt, rootOf, textAt } from './place.js';
import type { References } from './references.js';

/** Reads an OpenAPI 3.0 or 3.1 document into its version-neutral form. What is wrong with it is told by `checkOpenApi`. */
export function readOpenApi(
  source: Source,
  references: References,
  owner: { readonly service: string | undefined; readonly features: readonly string[] },
): OpenApiDocument {
  const root = rootOf(source);
  const info = child(root, 'info');
  const title = textAt(info, 'title');
  const infoVersion = textAt(info, 'version');
  const { service } = owner;
  const servers = child(root, 'servers');
  return {
    source,
    version: textAt(root, 'openapi') ?? '',
    features: owner.features,
    servers: servers === undefined ? [] : children(servers).flatMap(([, server]) => textAt(server, 'url') ?? []),
    securitySchemes: mappingAt(references.step(child(root, 'components'), 'securitySchemes')),
    operations: readOperations(root, references),
    schemas: componentSchemas(root),
    ...(title !== undefined && { title }),
    ...(infoVersion !== undefined && { infoVersion }),
    ...(service !== undefined && { service }),
  };
}
