import type { SchemaNode } from '../../schema/node.js';
import { type DifferenceKind, take } from './difference.js';
import type { Spot } from './spot.js';

type Keyword =
  | 'minimum'
  | 'exclusiveMinimum'
  | 'maximum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minLength'
  | 'maxLength'
  | 'pattern'
  | 'format';

interface Limit {
  readonly kind: DifferenceKind;
  /** Set together: an inclusive and an exclusive bound are one bound. */
  readonly keywords: readonly Keyword[];
  readonly text: (node: SchemaNode) => string | undefined;
}

const shown =
  (keyword: Keyword, before: string, behind = '') =>
  (node: SchemaNode): string | undefined => {
    const value = node[keyword];
    return value === undefined ? undefined : `${before} ${typeof value === 'string' ? `"${value}"` : value}${behind}`;
  };

const both =
  (...texts: readonly Limit['text'][]): Limit['text'] =>
  (node) => {
    const found = texts.map((text) => text(node)).filter((text) => text !== undefined);
    return found.length === 0 ? undefined : found.join(' and ');
  };

const LIMITS: readonly Limit[] = [
  {
    kind: 'range',
    keywords: ['minimum', 'exclusiveMinimum'],
    text: both(shown('minimum', 'at least'), shown('exclusiveMinimum', 'more than')),
  },
  {
    kind: 'range',
    keywords: ['maximum', 'exclusiveMaximum'],
    text: both(shown('maximum', 'at most'), shown('exclusiveMaximum', 'less than')),
  },
  { kind: 'range', keywords: ['multipleOf'], text: shown('multipleOf', 'a multiple of') },
  { kind: 'length', keywords: ['minLength'], text: shown('minLength', 'at least', ' characters') },
  { kind: 'length', keywords: ['maxLength'], text: shown('maxLength', 'at most', ' characters') },
  { kind: 'pattern', keywords: ['pattern'], text: shown('pattern', 'pattern') },
  { kind: 'format', keywords: ['format'], text: shown('format', 'format') },
];

/** Limits of numbers and texts. */
export function compareValues({ before, after, found }: Spot): void {
  for (const { kind, keywords, text } of LIMITS) {
    const [was, is] = [text(before), text(after)];
    if (was === is) continue;
    found({
      kind,
      step: `/${keywords.find((keyword) => after[keyword] !== undefined) ?? keywords.find((keyword) => before[keyword] !== undefined) ?? keywords[0]}`,
      keywords: kind === 'format' ? ['format', 'type'] : keywords,
      ...(was === undefined ? {} : { was }),
      ...(is === undefined ? {} : { is }),
      undo: take(...keywords),
    });
  }
}
