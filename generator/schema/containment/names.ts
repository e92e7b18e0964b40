import { unicodePattern } from '../pattern.js';
import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import { isMapping } from './json.js';

/** The names that `properties` and `patternProperties` leave over. */
export function undeclared(formulas: Formulas, raw: Readonly<Record<string, unknown>>): Formula {
  const names = isMapping(raw.properties) ? Object.keys(raw.properties) : [];
  const patterns = isMapping(raw.patternProperties) ? Object.keys(raw.patternProperties) : [];
  return formulas.and([
    formulas.values(names, false),
    ...patterns.map((source) => formulas.not(patternOf(formulas, source))),
  ]);
}

/** Names that match; what is no regular expression is beyond judgement. */
export function patternOf(formulas: Formulas, source: string): Formula {
  const pattern = unicodePattern(source);
  return pattern === undefined ? formulas.opaque(`"${source}" is no regular expression`) : formulas.pattern(pattern);
}
