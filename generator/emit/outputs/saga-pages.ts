import { transitionTable } from '../../../runtime/saga/table.js';
import { type SagaPart, sagaParts } from '../../model/sagas/parts.js';
import type { Model, Saga, SagaAction, SagaStep } from '../../model/types.js';
import { cell, documentFile, nothing } from '../documents/document.js';
import { durationText } from '../documents/duration-text.js';
import { sagaFiles } from '../documents/saga-files.js';
import { sagaSequence } from '../documents/saga-sequence.js';
import { stateDiagram } from '../documents/saga-states.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { markdownCellCode, markdownCode, markdownText } from '../names.js';
import { planOf } from '../sagas/plan.js';

/** `docs/sagas/<saga>.md`: each saga with its steps, what undoes them, its states and the way that goes well. */
export const sagaPages: Emitter = {
  name: 'saga-pages',
  summary: 'one page for each saga: steps with compensations, states, and who talks to whom',
  *plan({ model }) {
    for (const { saga, path } of sagaFiles(model)) {
      yield documentFile(this.name, 'saga-page', model, path, pageView(model, saga, path));
    }
  },
};

function pageView(model: Model, saga: Saga, path: string) {
  const place = sourceLinks(model, path);
  const parts = sagaParts(model).filter((part) => part.saga === saga);
  return {
    title: markdownText(saga.name),
    place: place(saga.at),
    description: markdownText(saga.description ?? ''),
    isLed: saga.style === 'orchestration',
    leader: markdownText(saga.orchestrator ?? nothing),
    trigger: saga.trigger === undefined ? nothing : `${saga.trigger.kind} ${markdownCellCode(saga.trigger.name)}`,
    correlation: markdownCellCode(saga.correlationKey ?? 'id'),
    timeout: saga.timeoutMs === undefined ? nothing : durationText(saga.timeoutMs),
    completed: endText(saga.onComplete?.action),
    compensated: endText(saga.onCompensated?.action),
    steps: parts.flatMap((part) =>
      part.steps.map((step) => ({ ...stepView(model, part, step), place: place(step.at) })),
    ),
    sequence: sagaSequence(model, parts),
    states: parts.map((part) => ({
      title: saga.style === 'orchestration' ? '' : markdownText(part.name),
      lines: stateDiagram(transitionTable(planOf(model, part))),
    })),
    invariants: saga.invariants.map(({ says, holds }) => ({
      says: says === undefined ? markdownCode(holds.text) : markdownText(says),
      place: place(holds.at),
    })),
  };
}

function stepView(model: Model, part: SagaPart, step: SagaStep) {
  const plan = planOf(model, part).steps.find(({ id }) => id === step.id);
  const { compensate } = step;
  const isRemote = plan?.action.kind === 'call' || plan?.action.kind === 'send';
  const publish =
    step.publish === undefined || step.action.kind === 'publish' ? [] : [`publishes ${markdownText(step.publish)}`];
  return {
    name: markdownText(step.id),
    service: markdownText(step.service ?? part.service),
    kind: plan?.kind ?? nothing,
    does: cell([deedText(part, step.action, step.service), ...publish].filter((text) => text !== '')),
    answers: answersText(part, step),
    undo: compensate === undefined ? nothing : deedText(part, compensate.action, compensate.service ?? step.service),
    key: isRemote ? keyText(plan?.key) : nothing,
    unknown: isRemote ? unknownText(plan?.onUnknown, step.query) : nothing,
    timeout: step.timeoutMs === undefined ? nothing : durationText(step.timeoutMs),
    tries: plan === undefined ? nothing : String(plan.retry.attemptsMax),
  };
}

function deedText({ service: own }: SagaPart, { kind, name }: SagaAction, service: string | undefined): string {
  const called = markdownCellCode(name);
  switch (kind) {
    case 'operation':
      return `calls ${called} of ${markdownText(service ?? own)}`;
    case 'local':
      return `runs ${called}`;
    case 'send':
      return `sends ${called}`;
    case 'publish':
      return `publishes ${called}`;
    case 'receive':
      return `waits for ${called}`;
    case 'none':
      return '';
  }
}

function answersText({ saga, startsWith }: SagaPart, { action }: SagaStep): string {
  if (saga.style === 'choreography') {
    const listens = startsWith.kind === 'message' ? [`begins with ${markdownText(startsWith.message)}`] : [];
    return cell([...listens, ...action.failure.slice(0, 1).map((name) => `failure: publishes ${markdownText(name)}`)]);
  }
  const good = action.receive.length === 0 ? [] : [`success: ${action.receive.map(markdownText).join(' or ')}`];
  const bad = action.failure.length === 0 ? [] : [`failure: ${action.failure.map(markdownText).join(' or ')}`];
  return cell([...good, ...bad]);
}

function keyText(key: unknown): string {
  return key === undefined ? 'run and step' : markdownCellCode(typeof key === 'string' ? key : JSON.stringify(key));
}

function unknownText(onUnknown: string | undefined, query: string | undefined): string {
  if (onUnknown === 'query') return `asks ${markdownCellCode(query ?? '')}`;
  return onUnknown === 'manual' ? 'a person decides' : 'again with the same key';
}

function endText(action: SagaAction | undefined): string {
  if (action === undefined || (action.kind !== 'publish' && action.kind !== 'send')) return nothing;
  return `${action.kind === 'send' ? 'sends' : 'publishes'} ${markdownCellCode(action.name)}`;
}
