import { comparePositions } from '../../diagnostics/position.js';
import type { Flow, Model } from '../../model/types.js';
import { distinct, fileStem } from '../names.js';
import { byText } from './document.js';

/** Every flow that has steps, by feature and in the order of its file, with the path of its document below `docs/`. */
export function flowFiles(model: Model): readonly { readonly flow: Flow; readonly path: string }[] {
  const flows = model.flows
    .filter((flow) => flow.hops.length > 0)
    .sort((a, b) => byText(a.feature, b.feature) || comparePositions(a.at, b.at));
  const stems = distinct(flows, (flow) => fileStem(`${flow.feature} ${flow.name}`));
  return flows.map((flow) => ({ flow, path: `flows/${stems.get(flow) ?? 'unnamed'}.md` }));
}
