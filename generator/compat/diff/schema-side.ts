import type { Documents, SchemaRef } from '../../schema/ref.js';

/** A schema of one revision: the documents it is read in, its place, and the format that a message declares for it. */
export interface SchemaSide {
  readonly documents: Documents;
  readonly ref: SchemaRef;
  readonly schemaFormat?: string;
}

/** Pairs of places that say the same, remembered over one comparison of two revisions. */
export type SameSchemas = Set<string>;
