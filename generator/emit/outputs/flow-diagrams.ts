import type { Flow, Invariant, Model } from '../../model/types.js';
import { documentFile } from '../documents/document.js';
import { durationText } from '../documents/duration-text.js';
import { flowFiles } from '../documents/flow-files.js';
import { flowSteps } from '../documents/flow-steps.js';
import { sequenceDiagram } from '../documents/sequence-diagram.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { markdownCode, markdownText } from '../names.js';

/** `docs/flows/<feature>-<flow>.md`: each flow as a sequence diagram, with what holds once it has run. */
export const flowDiagrams: Emitter = {
  name: 'flow-diagrams',
  summary: 'one sequence diagram for each flow and data flow, with its expectations',
  *plan({ model }) {
    for (const { flow, path } of flowFiles(model)) {
      yield documentFile(this.name, 'flow-diagrams', model, path, flowView(model, flow, path));
    }
  },
};

function flowView(model: Model, flow: Flow, path: string) {
  const steps = flowSteps(model, flow);
  const place = sourceLinks(model, path);
  return {
    title: `${markdownText(flow.feature)}: ${flow.kind === 'flow' ? markdownText(flow.name) : 'data flow'}`,
    description: markdownText(flow.description ?? ''),
    place: place(flow.at),
    diagram: sequenceDiagram(steps),
    undeclared: steps.flatMap((step) =>
      step.kind === 'words'
        ? [`${markdownText(step.from)} → ${markdownText(step.to)}: ${markdownText(step.words)}`]
        : [],
    ),
    convergence: flow.convergeWithinMs === undefined ? '' : durationText(flow.convergeWithinMs),
    expectations: flow.expect.map((item) => ({ ...expectation(item), place: place(item.holds.at) })),
  };
}

/** A promise in words with its expression below; a bare expression, or the id of a promise that the harness knows, speaks for itself. */
function expectation({ says, holds }: Invariant) {
  const code = markdownCode(holds.text);
  return says === undefined ? { says: code, holds: '' } : { says: markdownText(says), holds: code };
}
