import { nearest } from '../../diagnostics/nearest.js';
import type { Edge, Hop, Model } from '../../model/types.js';
import { answers } from '../reach.js';
import type { Rule } from '../rule.js';

/**
 * A step of `flows:` must be an edge of the contract: a call, an event, a command, a copy, or the answer to an earlier step. When its first word is the name of an
 * operation or a message, that one must go this way. Lines of `data_flow:` draw a picture and are not judged, nor are hops to resources.
 */
export const flowEdgeUndeclared: Rule = {
  id: 'flow-edge-undeclared',
  severity: 'error',
  title: 'Every step of a flow is an edge that the contract declares.',
  why: 'A step without an edge has no client, no queue and no policy: the flow cannot be driven, and its diagram shows a call that nobody generates.',
  fix: 'Declare the edge under `http`, `events`, `commands` or `entities`, or correct the step.',
  requirements: ['TD-48', 'TD-30'],
  *check(model) {
    const names = new Set([...model.messages.keys(), ...[...model.operations.values()].map((each) => each.id)]);
    for (const flow of model.flows) {
      if (flow.kind !== 'flow') continue;
      for (const hop of flow.hops) {
        if (model.resources.has(hop.from) || model.resources.has(hop.to) || hop.from === hop.to) continue;
        const edges = edgesOf(model, hop);
        const word = hop.label?.split(/\s+/)[0] ?? '';
        const subject = `flow:${flow.name} step:${hop.from}->${hop.to}${hop.label === undefined ? '' : ` ${hop.label}`}`;
        const step = `flow "${flow.name}" goes from "${hop.from}" to "${hop.to}"`;
        if (edges.length === 0) {
          if (answers(flow, hop)) continue;
          const fix = `declare how "${hop.from}" reaches "${hop.to}": under http, events, commands or entities.`;
          yield { at: hop.at, message: `${step}, but nothing declares such an edge.`, subject, fix };
        } else if (names.has(word) && !edges.some((edge) => carries(model, edge, word))) {
          const fix = `add "${word}" to the edge from "${hop.from}" to "${hop.to}", or correct the step.`;
          yield { at: hop.at, message: `${step} with "${word}", which does not go this way.`, subject, fix };
        } else if (!names.has(word) && looksLikeName(word)) {
          const guess = nearest(
            word,
            edges.flatMap((edge) => carried(model, edge)),
          );
          if (guess === undefined) continue;
          yield {
            at: hop.at,
            message: `${step} with "${word}", which nothing declares.`,
            subject,
            fix: `write "${guess}" if that was meant.`,
          };
        }
      }
    }
  },
};

function edgesOf(model: Model, hop: Hop): readonly Edge[] {
  return model.edges.filter(
    (edge) => edge.kind !== 'flow' && edge.kind !== 'dependency' && edge.from === hop.from && edge.to === hop.to,
  );
}

function carries(model: Model, edge: Edge, word: string): boolean {
  return carried(model, edge).includes(word);
}

/** Names under which a step may speak of an edge. */
function carried(model: Model, edge: Edge): readonly string[] {
  if (edge.kind === 'event') return [edge.subject, model.events.get(edge.subject)?.message ?? ''];
  if (edge.kind === 'command') return [edge.subject, model.commands.get(edge.subject)?.message ?? ''];
  if (edge.kind === 'sync') return [edge.subject, model.entities.get(edge.subject)?.event ?? ''];
  return [edge.subject];
}

/** `listEmployees`, `InvoiceCreatedEvent`: one word with a hump. Other labels are words for people. */
function looksLikeName(word: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(word) && /[a-z][A-Z]/.test(word);
}
