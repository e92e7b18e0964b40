import type { HttpBody } from '../../load/documents.js';
import type { JsonType, NodeId, SchemaGraph } from '../../schema/node.js';

/** How a body is written and read; the runtime's `ContentKind`. */
export type ContentKind = 'json' | 'text' | 'form' | 'multipart' | 'binary';

/** Media type without parameters, in lower case. */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** False where the schema describes bytes, text or parts, whose type here is fixed. */
export function hasSchemaType(contentType: string): boolean {
  return !/^(multipart|text|image|audio|video|font)\/(?!json$)|octet-stream$|xml$|\/pdf$|\/zip$/.test(
    mediaType(contentType),
  );
}

/** What a media type is for us. Types that say nothing (`*` + `/*`) follow their schema. */
export function contentKind(body: HttpBody, graph: SchemaGraph, id: NodeId | undefined): ContentKind {
  const type = mediaType(body.contentType);
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type.startsWith('multipart/')) return 'multipart';
  if (type.startsWith('text/') || type === 'application/xml' || type.endsWith('+xml')) return 'text';
  const node = id === undefined ? undefined : graph.node(id);
  const open = type === '' || type.includes('*');
  if (node === undefined || node.format === 'binary' || node.contentEncoding !== undefined) return 'binary';
  const isText = isOnly(node.types, 'string');
  if (open) return isText ? 'text' : 'json';
  return type === 'application/x-ndjson' || type === 'application/yaml' ? 'text' : 'binary';
}

function isOnly(types: readonly JsonType[] | undefined, type: JsonType): boolean {
  return types?.length === 1 && types[0] === type;
}
