import type { Model, Saga } from '../../model/types.js';
import { distinct, fileStem } from '../names.js';
import { byText } from './document.js';

/** Every saga that something is made of, by feature and name, with the stem of its files. */
export function sagaFiles(
  model: Model,
): readonly { readonly saga: Saga; readonly stem: string; readonly path: string }[] {
  const sagas = [...model.sagas.values()]
    .filter(({ style, steps }) => (style === 'orchestration' || style === 'choreography') && steps.length > 0)
    .sort((a, b) => byText(a.feature, b.feature) || byText(a.name, b.name));
  const stems = distinct(sagas, (saga) => fileStem(saga.name));
  return sagas.map((saga) => {
    const stem = stems.get(saga) ?? 'unnamed';
    return { saga, stem, path: `sagas/${stem}.md` };
  });
}
