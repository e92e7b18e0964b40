import { distinct, mermaidId, mermaidLines, mermaidText } from '../names.js';
import type { FlowStep } from './flow-steps.js';

type CallStep = Extract<FlowStep, { readonly kind: 'call' }>;
type MessageStep = Extract<FlowStep, { readonly kind: 'message' }>;

/** Id of the one participant that no contract names; ids of services start with `n_`. */
const broker = 'broker';

/** Widest line of a note, in characters. */
const noteWidth = 28;

/**
 * The lines of a Mermaid sequence diagram: calls are solid arrows with a dashed reply, messages go through the broker with open, dashed arrows.
 *
 * A call stays open while the service it reached makes calls of its own, and is answered before anything else starts.
 */
export function sequenceDiagram(steps: readonly FlowStep[]): readonly string[] {
  const names = participants(steps);
  const ids = distinct(names, (name) => (name === brokerMark ? broker : mermaidId(name)));
  const id = (name: string): string => ids.get(name) ?? mermaidId(name);
  const lines: string[] = [];
  const open: CallStep[] = [];
  const answer = (call: CallStep) => lines.push(`  ${id(call.to)}-->>-${id(call.from)}: ${replyText(call)}`);
  for (const [index, step] of steps.entries()) {
    while (open.length > 0 && !staysOpen(open, steps.slice(index))) {
      const call = open.pop();
      if (call !== undefined) answer(call);
    }
    if (step.kind === 'call') {
      lines.push(`  ${id(step.from)}->>+${id(step.to)}: ${callText(step)}`);
      open.push(step);
    } else if (step.kind === 'message') {
      lines.push(...messageLines(step, id));
    } else {
      lines.push(`  ${id(step.from)}->>${id(step.to)}: ${mermaidLines(step.words, noteWidth)}`);
    }
  }
  for (const call of open.reverse()) answer(call);
  return [
    'sequenceDiagram',
    ...names.map(
      (name) => `  participant ${id(name)} as ${name === brokerMark ? 'message broker' : mermaidText(name)}`,
    ),
    ...lines,
  ];
}

/** Not a name that a contract can have, since those are trimmed. */
const brokerMark = ' broker ';

/** In the order in which they act; the broker stands where it is first needed. */
function participants(steps: readonly FlowStep[]): readonly string[] {
  const names = steps.flatMap((step) =>
    step.kind === 'message'
      ? [step.from, brokerMark, ...step.to.map((receiver) => receiver.service)]
      : [step.from, step.to],
  );
  return [...new Set(names)];
}

/** The innermost open call waits on if what comes next is a call by the service it reached. Messages leave after the answer: the outbox holds them until the commit. */
function staysOpen(open: readonly CallStep[], rest: readonly FlowStep[]): boolean {
  const inner = open.at(-1);
  const [next] = rest;
  return inner !== undefined && next !== undefined && next.kind !== 'message' && next.from === inner.to;
}

function callText({ operations, operation }: CallStep): string {
  const name = mermaidLines(operations.join(' or '), noteWidth);
  if (operation === undefined) return name;
  return `${name}<br/>${mermaidText(`${operation.definition.method.toUpperCase()} ${operation.definition.path}`)}`;
}

function replyText({ operation }: CallStep): string {
  const statuses = operation?.definition.responses
    .map((response) => response.status)
    .filter((status) => status.startsWith('2'));
  return statuses === undefined || statuses.length === 0 ? 'answer' : mermaidText(statuses.join(' or '));
}

function messageLines(step: MessageStep, id: (name: string) => string): readonly string[] {
  // A message that nobody in the flow is declared to hear is still a fact that is told.
  const style = step.styles.length === 0 ? 'event' : step.styles.join(' and ');
  const how = step.outbox ? `${style}, through the outbox` : style;
  return [
    `  ${id(step.from)}--)${id(brokerMark)}: ${mermaidText(step.message)}<br/>${how}`,
    ...step.to.flatMap((receiver) => [
      `  ${id(brokerMark)}--)${id(receiver.service)}: ${mermaidText(step.message)}`,
      ...receiver.does.map((deed) => `  Note over ${id(receiver.service)}: ${mermaidLines(deed, noteWidth)}`),
    ]),
  ];
}
