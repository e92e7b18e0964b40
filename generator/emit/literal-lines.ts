import { jsonLiteral, propertyKey } from './names.js';

/** Widest line that is kept as one. */
const width = 110;

/** A JSON value as lines of TypeScript: what fits on a line stays on one. */
export function literalLines(value: unknown, prefix = ''): readonly string[] {
  const whole = `${prefix}${jsonLiteral(value)},`;
  if (whole.length <= width || typeof value !== 'object' || value === null) return [whole];
  const isList = Array.isArray(value);
  const members = isList
    ? value.flatMap((item) => literalLines(item))
    : Object.entries(value).flatMap(([name, item]) => literalLines(item, `${propertyKey(name)}: `));
  return [`${prefix}${isList ? '[' : '{'}`, ...members.map((line) => `  ${line}`), isList ? '],' : '},'];
}
