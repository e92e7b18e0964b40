import type { SagaAction, SagaPlan, SagaStepPlan } from '../../../../runtime/saga/plan.js';
import { distinct, variableName } from '../../names.js';
import { diagramOf, type Placed } from './bpmn-diagram.js';
import { feel } from './feel.js';
import { element, type Xml, xmlLines } from './xml.js';

/**
 * A saga as a process of BPMN 2.0: one task per step, compensation handlers at those that can be undone, and an event that throws compensation where a step
 * before the pivot fails. Engines run the handlers of completed tasks in reverse order. Job types and mappings are those of Zeebe.
 */
export function bpmn(plan: SagaPlan, id: string, documentation: string): string {
  const model = processOf(plan, id);
  const definitions = element(
    'bpmn:definitions',
    {
      'xmlns:bpmn': 'http://www.omg.org/spec/BPMN/20100524/MODEL',
      'xmlns:bpmndi': 'http://www.omg.org/spec/BPMN/20100524/DI',
      'xmlns:dc': 'http://www.omg.org/spec/DD/20100524/DC',
      'xmlns:di': 'http://www.omg.org/spec/DD/20100524/DI',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xmlns:zeebe': 'http://camunda.org/schema/zeebe/1.0',
      id: 'definitions',
      targetNamespace: 'http://bpmn.io/schema/bpmn',
      exporter: 'seamwright',
    },
    [
      ...model.messages,
      element('bpmn:error', { id: 'refused', name: 'refused', errorCode: 'refused' }),
      element('bpmn:process', { id: 'saga', name: plan.name, isExecutable: 'true' }, [
        element('bpmn:documentation', {}, documentation),
        ...model.nodes.map(({ xml }) => xml),
        ...model.flows.map((flow) =>
          element('bpmn:sequenceFlow', { id: flow.id, name: flow.name, sourceRef: flow.from, targetRef: flow.to }),
        ),
        ...model.associations.map((each) =>
          element('bpmn:association', {
            ...{ id: each.id, associationDirection: 'One', sourceRef: each.from, targetRef: each.to },
          }),
        ),
      ]),
      diagramOf('saga', model.nodes, model.flows, model.associations),
    ],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlLines(definitions).join('\n')}\n`;
}

interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly name?: string;
}

interface Process {
  readonly messages: readonly Xml[];
  readonly nodes: readonly Placed[];
  readonly flows: readonly Line[];
  readonly associations: readonly Line[];
}

const column = 180;
const mainRow = 240;
const upperRow = 90;
const lowerRow = 400;

function processOf(plan: SagaPlan, id: string): Process {
  const names = distinct(plan.steps, (step) => variableName(step.id).replace(/[^A-Za-z0-9_]/g, 'x'));
  const variables = new Map(plan.steps.map((step) => [step.id, names.get(step) ?? 'step']));
  const nodes: Placed[] = [];
  const flows: Line[] = [];
  const associations: Line[] = [];
  const messages = new Map<string, Xml>();
  const messageRef = (message: string): string => {
    const ref = messages.get(message)?.attributes.id ?? `message${messages.size + 1}`;
    const key = element('zeebe:subscription', { correlationKey: '=runId' });
    messages.set(message, element('bpmn:message', { id: ref, name: message }, [extension([key])]));
    return ref;
  };
  const flow = (from: string, to: string, name?: string): void => {
    flows.push({ id: `flow${flows.length + 1}`, from, to, ...(name !== undefined && { name }) });
  };
  const pivot = plan.steps.findIndex(({ kind }) => kind === 'pivot');
  const canFail = plan.steps.some((step, index) => turnsBack(step, index, pivot));
  nodes.push({
    ...node('start', 0, mainRow, 36, 36),
    xml: incoming('bpmn:startEvent', 'start', 'started', [
      extension([
        element('zeebe:ioMapping', {}, [
          element('zeebe:output', { source: feelValue(plan, 0, `$input.${id}`, variables), target: 'runId' }),
        ]),
      ]),
    ]),
  });
  let before = 'start';
  let x = 1;
  const failing: string[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const variable = variables.get(step.id) ?? 'step';
    const task = `do_${variable}`;
    nodes.push({ ...node(task, x, mainRow, 100, 80), xml: taskXml(plan, step, index, task, variables, messageRef) });
    flow(before, task);
    before = task;
    if (step.compensate !== undefined) {
      const caught = `compensation_${variable}`;
      const handler = `undo_${variable}`;
      const attached = { id: caught, attachedToRef: task };
      nodes.push({
        ...node(caught, x, mainRow + 40, 36, 36, 30),
        xml: element('bpmn:boundaryEvent', attached, [
          element('bpmn:compensateEventDefinition', { id: `${caught}_event` }),
        ]),
      });
      nodes.push({
        ...node(handler, x, lowerRow, 100, 80, 30),
        xml: handlerXml(plan, step, index, handler, variables),
      });
      associations.push({ id: `association${associations.length + 1}`, from: caught, to: handler });
    }
    if (turnsBack(step, index, pivot) || step.onFailure === 'continue') {
      const caught = `refused_${variable}`;
      const attached = { id: caught, name: 'refused', attachedToRef: task };
      nodes.push({
        ...node(caught, x, mainRow - 40, 36, 36, -30),
        xml: element('bpmn:boundaryEvent', attached, [
          element('bpmn:errorEventDefinition', { id: `${caught}_event`, errorRef: 'refused' }),
        ]),
      });
      if (step.onFailure !== 'continue') failing.push(caught);
    }
    x++;
    if (isAwaited(step.action)) {
      before = answers({ nodes, flow, failing, messageRef }, step, task, variable, x);
      x++;
    }
    if (step.onFailure === 'continue') {
      const merge = `after_${variable}`;
      nodes.push({ ...node(merge, x, mainRow, 50, 50), xml: element('bpmn:exclusiveGateway', { id: merge }) });
      flow(before, merge);
      flow(`refused_${variable}`, merge);
      before = merge;
      x++;
    }
    const told = step.announce;
    if (told !== undefined) {
      const send = `tell_${variable}`;
      nodes.push({
        ...node(send, x, mainRow, 100, 80),
        xml: sendXml(plan, index + 1, send, told.name, told.with, variables),
      });
      flow(before, send);
      before = send;
      x++;
    }
  }
  if (plan.completed !== undefined) {
    const { name, with: given } = plan.completed;
    nodes.push({
      ...node('tell_completed', x, mainRow, 100, 80),
      xml: sendXml(plan, plan.steps.length, 'tell_completed', name, given, variables),
    });
    flow(before, 'tell_completed');
    before = 'tell_completed';
    x++;
  }
  nodes.push({ ...node('completed', x, mainRow, 36, 36), xml: incoming('bpmn:endEvent', 'completed', 'completed') });
  flow(before, 'completed');
  if (canFail) back(plan, { nodes, flow, failing }, x, variables);
  return { messages: [...messages.values()], nodes, flows, associations };
}

type Building = {
  readonly nodes: Placed[];
  readonly failing: string[];
  flow(from: string, to: string, name?: string): void;
};

/** After a send: one of the answers, whichever comes first, or none in time. */
function answers(
  { nodes, flow, failing, messageRef }: Building & { messageRef(message: string): string },
  { action, timeoutMs }: SagaStepPlan,
  task: string,
  variable: string,
  x: number,
): string {
  if (action.kind !== 'send' && action.kind !== 'publish') return task;
  const gateway = `answer_${variable}`;
  const merged = `answered_${variable}`;
  nodes.push({ ...node(gateway, x - 0.35, mainRow, 50, 50), xml: element('bpmn:eventBasedGateway', { id: gateway }) });
  flow(task, gateway);
  const caught = (id: string, name: string, definition: Xml, row: number): void => {
    nodes.push({
      ...node(id, x + 0.05, row, 36, 36),
      xml: element('bpmn:intermediateCatchEvent', { id, name }, [definition]),
    });
    flow(gateway, id);
  };
  const definition = (id: string, message: string): Xml =>
    element('bpmn:messageEventDefinition', { id: `${id}_event`, messageRef: messageRef(message) });
  nodes.push({ ...node(merged, x + 0.4, mainRow, 50, 50), xml: element('bpmn:exclusiveGateway', { id: merged }) });
  for (const [index, { message }] of action.succeeds.entries()) {
    const id = `good_${variable}_${index + 1}`;
    caught(id, message, definition(id, message), mainRow + index * 60);
    flow(id, merged);
  }
  for (const [index, { message }] of action.fails.entries()) {
    const id = `bad_${variable}_${index + 1}`;
    caught(id, message, definition(id, message), mainRow - 60 - index * 50);
    failing.push(id);
  }
  if (timeoutMs !== undefined) {
    const id = `late_${variable}`;
    const duration = element('bpmn:timeDuration', { 'xsi:type': 'bpmn:tFormalExpression' }, `PT${timeoutMs / 1_000}S`);
    const timer = element('bpmn:timerEventDefinition', { id: `${id}_event` }, [duration]);
    caught(id, 'no answer', timer, mainRow + 60 * action.succeeds.length);
    failing.push(id);
  }
  return merged;
}

/** Everything that failed before the pivot: undone in reverse order, told, ended. */
function back(
  plan: SagaPlan,
  { nodes, flow, failing }: Building,
  x: number,
  variables: ReadonlyMap<string, string>,
): void {
  nodes.push({ ...node('failed', x + 1, upperRow, 50, 50), xml: element('bpmn:exclusiveGateway', { id: 'failed' }) });
  for (const from of failing) flow(from, 'failed');
  const thrown = element('bpmn:compensateEventDefinition', { id: 'undo_event' });
  nodes.push({
    ...node('undo', x + 2, upperRow, 36, 36),
    xml: element('bpmn:intermediateThrowEvent', { id: 'undo', name: 'undo all' }, [thrown]),
  });
  flow('failed', 'undo');
  let last = 'undo';
  if (plan.compensated !== undefined) {
    const { name, with: given } = plan.compensated;
    nodes.push({
      ...node('tell_compensated', x + 3, upperRow, 100, 80),
      xml: sendXml(plan, plan.steps.length, 'tell_compensated', name, given, variables),
    });
    flow(last, 'tell_compensated');
    last = 'tell_compensated';
  }
  nodes.push({
    ...node('compensated', x + 4, upperRow, 36, 36),
    xml: incoming('bpmn:endEvent', 'compensated', 'compensated'),
  });
  flow(last, 'compensated');
}

function turnsBack({ onFailure }: SagaStepPlan, index: number, pivot: number): boolean {
  return (pivot === -1 || index <= pivot) && onFailure !== 'continue' && onFailure !== 'retry';
}

function isAwaited(action: SagaAction): boolean {
  return (action.kind === 'send' || action.kind === 'publish') && action.succeeds.length + action.fails.length > 0;
}

function node(id: string, at: number, centre: number, width: number, height: number, shift = 0): Omit<Placed, 'xml'> {
  return {
    id,
    x: Math.round(100 + at * column + shift - width / 2),
    y: Math.round(centre - height / 2),
    width,
    height,
  };
}

function incoming(name: string, id: string, label: string, inner: readonly Xml[] = []): Xml {
  return element(name, { id, name: label }, inner);
}

function extension(inner: readonly Xml[]): Xml {
  return element('bpmn:extensionElements', {}, inner);
}

function taskXml(
  plan: SagaPlan,
  step: SagaStepPlan,
  index: number,
  id: string,
  variables: ReadonlyMap<string, string>,
  messageRef: (message: string) => string,
): Xml {
  const { action } = step;
  if (action.kind === 'receive') {
    const [first] = action.succeeds;
    return element('bpmn:receiveTask', { id, name: step.id, messageRef: first && messageRef(first.message) });
  }
  if (action.kind === 'none') return element('bpmn:task', { id, name: step.id });
  const variable = variables.get(step.id) ?? 'step';
  const results =
    action.kind === 'local'
      ? [element('zeebe:output', { source: '=result', target: variable })]
      : Object.entries(step.outputs).map(([name, value]) =>
          element('zeebe:output', {
            source: feelValue(plan, index, value, variables),
            target: `${variable}.${variableName(name)}`,
          }),
        );
  const key = keyOf(plan, index, step.key, `${step.id}`, variables);
  return workXml(action, plan, index, { id, name: step.id, retries: step.retry.attemptsMax, key, results }, variables);
}

function handlerXml(
  plan: SagaPlan,
  step: SagaStepPlan,
  index: number,
  id: string,
  variables: ReadonlyMap<string, string>,
): Xml {
  const action: SagaAction = step.compensate?.action ?? { kind: 'none' };
  const key = keyOf(plan, index + 1, step.compensate?.key, `${step.id}:undo`, variables);
  const retries = step.compensate?.retry.attemptsMax ?? 1;
  const work = { id, name: `undo ${step.id}`, retries, key, results: [] };
  const made =
    action.kind === 'none' || action.kind === 'receive'
      ? element('bpmn:task', { id, name: work.name })
      : workXml(action, plan, index + 1, work, variables);
  return { ...made, attributes: { ...made.attributes, isForCompensation: 'true' } };
}

interface Work {
  readonly id: string;
  readonly name: string;
  readonly retries: number;
  readonly key: string;
  readonly results: readonly Xml[];
}

function workXml(
  action: Exclude<SagaAction, { readonly kind: 'none' | 'receive' }>,
  plan: SagaPlan,
  at: number,
  { id, name, retries, key, results }: Work,
  variables: ReadonlyMap<string, string>,
): Xml {
  const type =
    action.kind === 'call'
      ? `${action.provider}.${action.operation}`
      : action.kind === 'local'
        ? action.name
        : action.kind === 'send'
          ? action.command
          : action.event;
  const mapping = [
    element('zeebe:input', { source: feel(plan, at, action.with, variables), target: 'request' }),
    element('zeebe:input', { source: key, target: 'key' }),
    ...results,
  ];
  const isMessage = action.kind === 'send' || action.kind === 'publish';
  return element(isMessage ? 'bpmn:sendTask' : 'bpmn:serviceTask', { id, name }, [
    extension([
      element('zeebe:taskDefinition', { type, retries: String(retries) }),
      element('zeebe:ioMapping', {}, mapping),
    ]),
  ]);
}

function sendXml(
  plan: SagaPlan,
  at: number,
  id: string,
  message: string,
  given: SagaStepPlan['outputs'],
  variables: ReadonlyMap<string, string>,
): Xml {
  return element('bpmn:sendTask', { id, name: message }, [
    extension([
      element('zeebe:taskDefinition', { type: message, retries: '10' }),
      element('zeebe:ioMapping', {}, [
        element('zeebe:input', { source: feel(plan, at, given, variables), target: 'request' }),
      ]),
    ]),
  ]);
}

function feelValue(plan: SagaPlan, at: number, value: unknown, variables: ReadonlyMap<string, string>): string {
  return feel(plan, at, { value: value as string }, variables).replace(/^=\{"value": (.*)\}$/s, '=$1');
}

function keyOf(plan: SagaPlan, at: number, key: unknown, own: string, variables: ReadonlyMap<string, string>): string {
  return key === undefined ? `=runId + ${JSON.stringify(`:${own}`)}` : feelValue(plan, at, key, variables);
}
