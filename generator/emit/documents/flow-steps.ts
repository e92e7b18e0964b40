import { comparePositions } from '../../diagnostics/position.js';
import type { Command, Flow, Hop, Model, Operation } from '../../model/types.js';
import { type Connection, type ConnectionStyle, connectionsOf } from './connections.js';
import { deedOf, everythingTold, type Told } from './told.js';

type MessageStyle = Exclude<ConnectionStyle, 'http'>;

/** One step of a flow, as its diagram draws it. */
export type FlowStep =
  | {
      readonly kind: 'call';
      readonly from: string;
      readonly to: string;
      /** Names as written; more than one when a line of a data flow stands for several. */
      readonly operations: readonly string[];
      /** The operation itself, when the step means exactly one that is known. */
      readonly operation?: Operation;
    }
  | {
      readonly kind: 'message';
      /** A message that one service copies and another acts on is both event and sync. */
      readonly styles: readonly MessageStyle[];
      readonly from: string;
      readonly message: string;
      readonly outbox: boolean;
      /** Who hears it in this flow, and what each one does about it. */
      readonly to: readonly { readonly service: string; readonly does: readonly string[] }[];
    }
  | { readonly kind: 'words'; readonly from: string; readonly to: string; readonly words: string };

/**
 * Reads the hops of a flow against the contracts: a label that names an operation of the receiver is a call, one that names an event, an entity or a
 * command is a message, anything else stays words. A hop without a label stands for everything that the contracts let the two services do, of its own
 * feature first. A fan (`a → b + c X`) is one message with two receivers.
 */
export function flowSteps(model: Model, flow: Flow): readonly FlowStep[] {
  const told = everythingTold(model);
  const steps = flow.hops.flatMap((hop) => {
    const read = hop.label === undefined ? unlabelled(model, told, flow, hop) : [labelled(model, told, hop, hop.label)];
    return read.map((step) => ({ step, hop }));
  });
  return joinFans(steps, flow.kind === 'data-flow');
}

function labelled(model: Model, told: readonly Told[], hop: Hop, label: string): FlowStep {
  const words = [label, label.split(/\s+/)[0] ?? label];
  for (const word of words) {
    const found = callStep(model, hop, word) ?? messageStep(model, told, hop, word);
    if (found !== undefined) return found;
  }
  return { kind: 'words', from: hop.from, to: hop.to, words: label };
}

/** An operation by its id, or by method and path (`POST /invoices`). */
function callStep(model: Model, hop: Hop, word: string): FlowStep | undefined {
  const { from, to } = hop;
  const operation =
    model.operations.get(`${to}.${word}`) ??
    [...model.operations.values()].find(
      (item) => item.service === to && `${item.definition.method.toUpperCase()} ${item.definition.path}` === word,
    );
  if (operation !== undefined) return { kind: 'call', from, to, operations: [operation.definition.id], operation };
  const called = model.http.some(
    (edge) => edge.from === from && edge.to === to && edge.operations.some((item) => item.id === word),
  );
  return called ? { kind: 'call', from, to, operations: [word] } : undefined;
}

function messageStep(model: Model, told: readonly Told[], hop: Hop, word: string): FlowStep | undefined {
  const item =
    told.find((one) => one.publisher === hop.from && (one.name === word || one.message === word)) ??
    told.find((one) => one.name === word || one.message === word) ??
    told.find((one) => one.entity?.name === word);
  if (item !== undefined) return toldStep(item, hop);
  const command = model.commands.get(word);
  return command === undefined ? undefined : commandStep(command, hop);
}

function toldStep(item: Told, hop: Hop): FlowStep {
  const listeners = item.listeners.filter((listener) => listener.service === hop.to);
  const styles = listeners.map((listener): MessageStyle => (listener.kind === 'copy' ? 'sync' : 'event'));
  return {
    kind: 'message',
    styles: [...new Set(styles)],
    from: hop.from,
    message: item.name,
    outbox: item.event?.outbox ?? true,
    to: [{ service: hop.to, does: listeners.map(deedOf) }],
  };
}

function commandStep(command: Command, hop: Hop): FlowStep {
  return {
    kind: 'message',
    styles: ['command'],
    from: hop.from,
    message: command.name,
    outbox: command.outbox,
    to: [{ service: hop.to, does: command.purpose === undefined ? [] : [command.purpose] }],
  };
}

function unlabelled(model: Model, told: readonly Told[], flow: Flow, hop: Hop): readonly FlowStep[] {
  const between = connectionsOf(model).filter((item) => item.from === hop.from && item.to === hop.to);
  const own = between.filter((item) => item.feature === flow.feature);
  const chosen = own.length > 0 ? own : between;
  const operations = chosen.filter((item) => item.style === 'http').flatMap(callNames);
  const messages = chosen.filter((item) => item.style !== 'http').flatMap((item) => item.subjects);
  const steps: FlowStep[] = [];
  const [only, ...others] = operations;
  const call = only === undefined || others.length > 0 ? undefined : callStep(model, hop, only);
  if (call !== undefined) steps.push(call);
  else if (only !== undefined) steps.push({ kind: 'call', from: hop.from, to: hop.to, operations });
  for (const message of new Set(messages)) {
    const step = messageStep(model, told, hop, message);
    const shown = steps.some(
      (item) => item.kind === 'message' && step?.kind === 'message' && item.message === step.message,
    );
    if (step !== undefined && !shown) steps.push(step);
  }
  return steps.length > 0 ? steps : [{ kind: 'words', from: hop.from, to: hop.to, words: 'nothing declared' }];
}

/** A line that names no operation still says what it is for. */
function callNames({ subjects, purpose }: Connection): readonly string[] {
  return subjects.length > 0 ? subjects : [purpose ?? 'some operation'];
}

/** Receivers of one line of the contract that get the same message become one step; the lines of a data flow are a picture, not a story, so they join as well. */
function joinFans(
  steps: readonly { readonly step: FlowStep; readonly hop: Hop }[],
  acrossLines: boolean,
): readonly FlowStep[] {
  const joined: { step: FlowStep; at: Hop['at'] }[] = [];
  for (const { step, hop } of steps) {
    const known = joined.findIndex(
      (item) => (acrossLines || comparePositions(item.at, hop.at) === 0) && sameMessage(item.step, step),
    );
    const before = joined[known]?.step;
    if (before?.kind === 'message' && step.kind === 'message')
      joined[known] = { step: joinMessages(before, step), at: hop.at };
    else joined.push({ step, at: hop.at });
  }
  return joined.map((item) => item.step);
}

type MessageStep = Extract<FlowStep, { readonly kind: 'message' }>;

function joinMessages(a: MessageStep, b: MessageStep): MessageStep {
  const more = b.to.filter((receiver) => !a.to.some((known) => known.service === receiver.service));
  return { ...a, styles: [...new Set([...a.styles, ...b.styles])].sort(), to: [...a.to, ...more] };
}

function sameMessage(a: FlowStep, b: FlowStep): boolean {
  return a.kind === 'message' && b.kind === 'message' && a.message === b.message && a.from === b.from;
}
