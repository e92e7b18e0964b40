import { parseArrows } from '../arrows.js';
import type { Flow } from '../types.js';
import { type BuildContext, sharedFiles } from './context.js';
import type { Node } from './node.js';
import { duration, invariants, optional } from './values.js';

/** `flows:` entries and the lines of `data_flow:`, each as hops with the place where they are written. */
export function buildFlows(context: BuildContext): readonly Flow[] {
  return sharedFiles(context).flatMap((file) => {
    const flows = file.node
      .get('flows')
      .entries()
      .map(([name, node]): Flow => {
        const steps = node.isList ? node : node.get('steps');
        return {
          name,
          ...optional('description', node.get('description').text()),
          hops: steps.items().flatMap(hops),
          ...optional('convergeWithinMs', duration(node.get('converge_within'))),
          expect: invariants(node.get('expect')),
          feature: file.name,
          kind: 'flow',
          at: node.keyAt,
        };
      });
    const lines = file.node.get('data_flow');
    const dataFlow: readonly Flow[] = lines.exists
      ? [
          {
            name: 'data-flow',
            hops: lines.items().flatMap(hops),
            expect: [],
            feature: file.name,
            kind: 'data-flow',
            at: lines.keyAt,
          },
        ]
      : [];
    return [...flows, ...dataFlow];
  });
}

function hops(line: Node): Flow['hops'] {
  return parseArrows(line.text() ?? '').map((hop) => ({ ...hop, at: line.at }));
}
