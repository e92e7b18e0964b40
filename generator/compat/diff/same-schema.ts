import { declaredDialect, dialectOfFormat } from '../../schema/dialect.js';
import { sameNodes } from './same-nodes.js';
import { sameText } from './same-text.js';
import type { SameSchemas, SchemaSide } from './schema-side.js';

/**
 * Whether two schemas ask the same of every value, whatever they are described by, however their keys are ordered, and whether parts are written in place or
 * referred to. First by their text, which costs nothing; then in normal form, which reads dialects alike. It never takes two for the same that differ.
 */
export function sameSchema(before: SchemaSide, after: SchemaSide, known: SameSchemas): boolean {
  const left = dialectOf(before);
  const right = dialectOf(after);
  if (left === right && sameText(before, after, known)) return true;
  return (
    left !== undefined && right !== undefined && sameNodes({ ...before, dialect: left }, { ...after, dialect: right })
  );
}

/** Undefined for formats that are no JSON Schema, such as Avro. */
function dialectOf({ documents, ref, schemaFormat }: SchemaSide): ReturnType<typeof declaredDialect> {
  if (schemaFormat !== undefined) return dialectOfFormat(schemaFormat);
  return declaredDialect(documents.get(ref.file)) ?? 'asyncapi';
}
