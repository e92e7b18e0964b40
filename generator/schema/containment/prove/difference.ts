import type { Formula } from '../formula.js';
import type { Formulas } from '../formulas.js';
import { isMapping } from '../json.js';

/** What an object or array must have to be another one than this: an alternative per way to differ. */
export function differs(formulas: Formulas, value: unknown): Formula {
  const other = (inner: unknown): Formula => formulas.values([inner], false);
  if (Array.isArray(value))
    return formulas.or([
      formulas.length('array', 'max', value.length - 1),
      formulas.length('array', 'min', value.length + 1),
      ...value.map((item, index) =>
        formulas.and([formulas.length('array', 'min', index + 1), formulas.item(index, other(item))]),
      ),
    ]);
  if (!isMapping(value)) return formulas.true;
  const names = Object.keys(value);
  return formulas.or([
    formulas.some(formulas.values(names, false), formulas.true),
    ...names.map((name) => formulas.present(name, false)),
    ...names.map((name) => formulas.and([formulas.present(name), formulas.property(name, other(value[name]))])),
  ]);
}
