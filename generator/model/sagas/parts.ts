import type { Command, Event, Model, Saga, SagaAction, SagaStep } from '../types.js';

/** A message that a saga takes, with what tells it. */
export interface SagaTaken {
  readonly message: string;
  /** Set when it is an event of the contracts. */
  readonly event?: Event;
  /** Set when it is a command that the service carries out. */
  readonly command?: Command;
  /** Commands that it answers; empty for everything else. */
  readonly answers: readonly Command[];
}

/** What one service does of a saga: all of it when it leads, one step when nobody does. */
export interface SagaPart {
  readonly saga: Saga;
  /** `<saga>`, or `<saga>/<step>` in a choreography. */
  readonly name: string;
  readonly service: string;
  readonly steps: readonly SagaStep[];
  readonly startsWith:
    | { readonly kind: 'operation' | 'job'; readonly name: string }
    | { readonly kind: 'message'; readonly message: string }
    | { readonly kind: 'nothing' };
  /** Messages that undo it after its end. */
  readonly undoOn: readonly string[];
  /** Told when it was undone or could not be done. */
  readonly failure?: string;
  readonly takes: readonly SagaTaken[];
  /** Commands that it sends. */
  readonly sends: readonly string[];
  /** Events that it publishes. */
  readonly publishes: readonly string[];
}

/** Every part of every saga, in the order of the contracts. Sagas of a refused style have none. */
export function sagaParts(model: Model): readonly SagaPart[] {
  const known = partsOf.get(model);
  if (known !== undefined) return known;
  const parts = [...model.sagas.values()].flatMap((saga) =>
    saga.style === 'orchestration'
      ? orchestrated(model, saga)
      : saga.style === 'choreography'
        ? choreographed(model, saga)
        : [],
  );
  partsOf.set(model, parts);
  return parts;
}

/** A model never changes, and every service of it asks. */
const partsOf = new WeakMap<Model, readonly SagaPart[]>();

/** Name of the message that an event, a command or a message of the contract travels as. */
export function messageCalled(model: Model, name: string): string {
  return model.events.get(name)?.message ?? model.commands.get(name)?.message ?? name;
}

function orchestrated(model: Model, saga: Saga): readonly SagaPart[] {
  if (saga.orchestrator === undefined || saga.steps.length === 0) return [];
  const starts = triggerOf(model, saga);
  const actions = saga.steps.flatMap(({ action, compensate }) => [action, ...(compensate ? [compensate.action] : [])]);
  const awaited = actions.flatMap(({ receive, failure }) => [...receive, ...failure]);
  return [
    part(model, { saga, name: saga.name, service: saga.orchestrator, steps: saga.steps, startsWith: starts }, awaited),
  ];
}

/** Each step waits for what it receives, or else for what the step before publishes; failures of later steps undo it. */
function choreographed(model: Model, saga: Saga): readonly SagaPart[] {
  return saga.steps.flatMap((step, index) => {
    const service = step.service ?? saga.orchestrator;
    if (service === undefined) return [];
    const before = saga.steps[index - 1];
    const told = step.action.receive[0] ?? (before && publishedBy(before));
    const startsWith: SagaPart['startsWith'] =
      told !== undefined
        ? { kind: 'message', message: messageCalled(model, told) }
        : index === 0
          ? triggerOf(model, saga)
          : { kind: 'nothing' };
    const later = saga.steps.slice(index + 1).flatMap(({ action }) => action.failure);
    const undoOn = step.compensate === undefined ? [] : [...new Set(later.map((name) => messageCalled(model, name)))];
    const [failure] = step.action.failure;
    const basis = { saga, name: `${saga.name}/${step.id}`, service, steps: [step], startsWith, undoOn };
    return [part(model, { ...basis, ...(failure !== undefined && { failure }) }, undoOn)];
  });
}

/** The event that says that a step is done. */
export function publishedBy(step: SagaStep): string | undefined {
  return step.publish ?? (step.action.kind === 'publish' ? step.action.name : undefined);
}

type Basis = Pick<SagaPart, 'saga' | 'name' | 'service' | 'steps' | 'startsWith' | 'failure'> & {
  readonly undoOn?: readonly string[];
};

function part(model: Model, basis: Basis, awaited: readonly string[]): SagaPart {
  const { saga, steps, startsWith, failure } = basis;
  const isLed = saga.style === 'orchestration';
  const ends = isLed ? [saga.onComplete?.action, saga.onCompensated?.action] : [];
  const actions: readonly SagaAction[] = [
    ...steps.flatMap(({ action, compensate }) => [action, ...(compensate ? [compensate.action] : [])]),
    ...ends.filter((action) => action !== undefined),
  ];
  const sends = actions.flatMap(({ kind, name }) => (kind === 'send' ? [name] : []));
  const published = [
    ...steps.flatMap((step) => publishedBy(step) ?? []),
    ...actions.flatMap(({ kind, name }) => (kind === 'publish' ? [name] : [])),
    ...(failure === undefined ? [] : [failure]),
  ];
  const started = startsWith.kind === 'message' ? [startsWith.message] : [];
  const messages = [...new Set([...started, ...awaited.map((name) => messageCalled(model, name))])];
  return {
    ...basis,
    undoOn: basis.undoOn ?? [],
    takes: messages.map((message) => taken(model, basis.service, message, sends)),
    sends: [...new Set(sends)],
    publishes: [...new Set(published)],
  };
}

function taken(model: Model, service: string, message: string, sends: readonly string[]): SagaTaken {
  const event = [...model.events.values()].find((each) => each.message === message);
  const commands = [...model.commands.values()];
  const command = commands.find(
    (each) => each.message === message && each.receivers.some((receiver) => receiver.service === service),
  );
  const answers = commands.filter(
    ({ name, reply, senders }) => reply === message && (sends.includes(name) || senders.includes(service)),
  );
  return { message, ...(event && { event }), ...(command && { command }), answers };
}

function triggerOf(model: Model, { trigger }: Saga): SagaPart['startsWith'] {
  if (trigger === undefined) return { kind: 'nothing' };
  const { kind, name } = trigger;
  return kind === 'operation' || kind === 'job'
    ? { kind, name }
    : { kind: 'message', message: messageCalled(model, name) };
}
