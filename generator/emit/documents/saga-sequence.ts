import type { SagaPart } from '../../model/sagas/parts.js';
import { messageCalled, publishedBy } from '../../model/sagas/parts.js';
import type { Model, SagaAction, SagaStep } from '../../model/types.js';
import { distinct, mermaidId, mermaidLines, mermaidText } from '../names.js';

/** Widest line of a note, in characters. */
const width = 28;

/** A saga that goes well, as the lines of a Mermaid sequence diagram: calls are solid arrows with a dashed reply, messages open, dashed arrows. */
export function sagaSequence(model: Model, parts: readonly SagaPart[]): readonly string[] {
  const lines: string[] = [];
  const names: string[] = [];
  const id = (name: string): string => {
    if (!names.includes(name)) names.push(name);
    return idOf(name);
  };
  for (const part of parts) {
    id(part.service);
    lines.push(...startLines(model, part, id));
    for (const step of part.steps) lines.push(...stepLines(model, part, step, id));
    const end = part.saga.style === 'orchestration' ? part.saga.onComplete?.action : undefined;
    if (end !== undefined) lines.push(...actionLines(model, part, end, undefined, id));
  }
  const ids = distinct(names, idOf);
  return [
    'sequenceDiagram',
    ...names.map((name) => `  participant ${ids.get(name) ?? idOf(name)} as ${mermaidText(name)}`),
    ...lines,
  ];
}

function idOf(name: string): string {
  return mermaidId(name);
}

type Id = (name: string) => string;

function startLines(model: Model, part: SagaPart, id: Id): readonly string[] {
  const { startsWith, service } = part;
  if (startsWith.kind === 'nothing') return [];
  if (startsWith.kind !== 'message')
    return [`  Note over ${id(service)}: ${mermaidLines(`${startsWith.kind} ${startsWith.name}`, width)}`];
  const from = publisherOf(model, startsWith.message);
  return from === undefined || from === service
    ? [`  Note over ${id(service)}: ${mermaidLines(startsWith.message, width)}`]
    : [`  ${id(from)}--)${id(service)}: ${mermaidText(startsWith.message)}`];
}

function stepLines(model: Model, part: SagaPart, step: SagaStep, id: Id): readonly string[] {
  const isTaken = part.saga.style === 'choreography' && step.action.kind === 'receive';
  const told = step.publish !== undefined && step.action.kind !== 'publish' ? publishedBy(step) : undefined;
  return [
    ...(isTaken ? [] : actionLines(model, part, step.action, step.service, id)),
    ...(told === undefined ? [] : [`  Note over ${id(part.service)}: ${mermaidLines(`publishes ${told}`, width)}`]),
  ];
}

function actionLines(
  model: Model,
  part: SagaPart,
  { kind, name, receive }: SagaAction,
  service: string | undefined,
  id: Id,
): readonly string[] {
  const self = id(part.service);
  const answers = part.saga.style === 'choreography' ? [] : receive.slice(0, 1);
  const answered = answers.map((answer) => {
    const from = publisherOf(model, messageCalled(model, answer)) ?? receiverOf(model, name) ?? part.service;
    return `  ${id(from)}--)${self}: ${mermaidText(answer)}`;
  });
  switch (kind) {
    case 'operation': {
      const provider = id(service ?? part.service);
      return [`  ${self}->>+${provider}: ${mermaidText(name)}`, `  ${provider}-->>-${self}: answer`];
    }
    case 'local':
      return [`  Note over ${self}: ${mermaidLines(name, width)}`];
    case 'send':
      return [`  ${self}--)${id(receiverOf(model, name) ?? part.service)}: ${mermaidText(name)}`, ...answered];
    case 'publish':
      return [`  Note over ${self}: ${mermaidLines(`publishes ${name}`, width)}`, ...answered];
    case 'receive':
      return answered;
    case 'none':
      return [];
  }
}

function publisherOf(model: Model, message: string): string | undefined {
  const event = [...model.events.values()].find((each) => each.message === message);
  return event === undefined || event.publisher === '' ? undefined : event.publisher;
}

function receiverOf(model: Model, command: string): string | undefined {
  return model.commands.get(command)?.receivers[0]?.service;
}
