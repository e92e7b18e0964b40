import { stringLiteral } from '../names.js';
import type { TypeExpression } from '../typescript/declaration.js';

/** A type as TypeScript source, in a module that knows the provider's types as `prefix.Name`, or as `Name` when the prefix is ''. */
export type TypeText = (prefix: string) => string;

/** Source of a type expression; everything of the contract in it is escaped. */
export function typeText(type: TypeExpression): TypeText {
  return (prefix) => write(type, prefix);
}

function write(type: TypeExpression, prefix: string): string {
  switch (type.kind) {
    case 'literal':
      return typeof type.value === 'string' ? stringLiteral(type.value) : JSON.stringify(type.value);
    case 'array':
      return `readonly ${grouped(type.item, prefix)}[]`;
    case 'tuple': {
      const items = type.items.map((item, index) =>
        index < type.required ? write(item, prefix) : `${grouped(item, prefix)}?`,
      );
      return `readonly [${[...items, ...(type.rest ? [`...${grouped(type.rest, prefix)}[]`] : [])].join(', ')}]`;
    }
    case 'dictionary':
      return `{ [key: string]: ${write(type.value, prefix)} }`;
    case 'union':
      return type.of.map((member) => write(member, prefix)).join(' | ');
    case 'name':
      return prefix === '' ? type.name : `${prefix}.${type.name}`;
    default:
      return type.kind;
  }
}

function grouped(type: TypeExpression, prefix: string): string {
  return type.kind === 'union' || type.kind === 'array' || type.kind === 'tuple'
    ? `(${write(type, prefix)})`
    : write(type, prefix);
}
