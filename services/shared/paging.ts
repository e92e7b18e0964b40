import type { PageRequest } from 'seamwright/runtime';

/** The page that a list operation is asked for. */
export function pageRequest({ cursor, limit }: { readonly cursor?: string; readonly limit?: number }): PageRequest {
  return { ...(cursor !== undefined && { after: cursor }), ...(limit !== undefined && { limit }) };
}
