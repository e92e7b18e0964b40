import { UsageError } from '../errors.js';
import type { ParameterDefinition, ParameterPlace, ParameterStyle, ScalarType } from './operation.js';

/** Name and text of one piece of a query, a cookie or a form. */
export type Pair = readonly [name: string, text: string];

export interface Style {
  readonly style: ParameterStyle;
  readonly explode: boolean;
}

/** The style of a parameter with the specification's defaults (OpenAPI 3.1 section 4.8.12) filled in. */
export function styleOf(parameter: Pick<ParameterDefinition, 'in' | 'style' | 'explode'>): Style {
  const style = parameter.style ?? (parameter.in === 'query' || parameter.in === 'cookie' ? 'form' : 'simple');
  return { style, explode: parameter.explode ?? style === 'form' };
}

const separators: Readonly<Partial<Record<ParameterStyle, string>>> = { spaceDelimited: ' ', pipeDelimited: '|' };

/** What stands between the items of a list in one text. */
export function separatorOf(style: ParameterStyle): string {
  return separators[style] ?? ',';
}

/** A value as text; what is no scalar has none and is the caller's mistake. */
export function scalarText(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === null) return '';
  throw new UsageError(`${where} must be a string, number or boolean`);
}

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Text as the value that the contract means. Text that is none stays text, so that the validator can say what is wrong with it. */
export function scalarValue(text: string, type: ScalarType): unknown {
  if (type === 'number' && number.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** `query parameter "limit"`. */
export function nameOf(parameter: { readonly name: string; readonly in: ParameterPlace }): string {
  return `${parameter.in} parameter "${parameter.name}"`;
}
