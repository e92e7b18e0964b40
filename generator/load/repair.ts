import { type JsonSchema, kindOf, type Mistake } from './mistakes.js';

/** A next step that can be typed in, where the slip is a common one. `text` is the value as it stands in the file. */
export function repairOf({ value, schema }: Mistake, text: string): string {
  const kind = kindOf(value);
  for (const form of formsOf(schema)) {
    if (form.title === 'duration' && kind === 'number') return `add a unit: "${text}s".`;
    if (form.title === 'version' && kind === 'number')
      return `write three parts: "${[...text.split('.'), '0', '0'].slice(0, 3).join('.')}".`;
    if (form.title === 'data flow' && typeof value === 'string') {
      return `connect the services with arrows: "${value.trim().split(/\s+/).join(' -> ')}".`;
    }
    if (form.title === 'lower-case name with hyphens' && typeof value === 'string' && kebabCase(value) !== '') {
      return `write "${kebabCase(value)}".`;
    }
    if (form.type === 'string' && (kind === 'number' || kind === 'boolean')) return `put it in quotes: "${text}".`;
  }
  if (schema.type === 'object') return 'write "key: value" lines here.';
  return value === null ? 'write a value after the colon, or remove the key.' : 'correct the value.';
}

/** The schema itself, and the branches of a union. */
function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  return Array.isArray(schema.oneOf) ? [schema, ...schema.oneOf] : [schema];
}

function kebabCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}
