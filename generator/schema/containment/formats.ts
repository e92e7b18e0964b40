import { knowsFormat } from '../ajv.js';
import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';

/** What `format` asserts where validators check it; names they do not know are documentation. */
export function formatFormula(formulas: Formulas, name: string): Formula {
  switch (name) {
    case 'int32':
      return formulas.and([
        formulas.multiple(1),
        formulas.bound('min', -(2 ** 31), false),
        formulas.bound('max', 2 ** 31 - 1, false),
      ]);
    case 'int64':
      return formulas.multiple(1);
    case 'float':
    case 'double':
    case 'password':
    case 'binary':
      return formulas.true;
    default:
      return knowsFormat(name) ? formulas.format(name) : formulas.true;
  }
}
