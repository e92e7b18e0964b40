import { describe, expect, it } from 'vitest';
import { bpmn } from '../../generator/emit/sagas/engines/bpmn.js';
import { stateMachine } from '../../generator/emit/sagas/engines/state-machine.js';
import { taskIn } from '../../generator/emit/sagas/engines/task.js';
import type { Model } from '../../generator/model/types.js';
import type { SagaPlan, SagaStepKind, SagaStepPlan } from '../../runtime/saga/plan.js';

const retry: SagaStepPlan['retry'] = {
  attemptsMax: 3,
  backoff: 'exponential',
  initialMs: 500,
  maxMs: 60_000,
  jitter: 'full',
};

function local(id: string, kind: SagaStepKind, more: Partial<SagaStepPlan> = {}): SagaStepPlan {
  const undo = { action: { kind: 'local', name: `undo ${id}`, with: {} }, retry } as const;
  return {
    ...{ id, kind, action: { kind: 'local', name: id, with: {} }, outputs: {}, retry, onUnknown: 'retry-same-key' },
    onFailure: kind === 'best-effort' ? 'continue' : kind === 'retriable' ? 'retry' : 'compensate',
    ...(kind === 'compensatable' && { compensate: undo }),
    ...more,
  };
}

const asked = local('pay', 'compensatable', {
  ...{ onUnknown: 'query', query: { kind: 'call', provider: 'bank', operation: 'getCharge', with: { key: '$key' } } },
  action: {
    kind: 'call',
    provider: 'bank',
    operation: 'createCharge',
    with: { amount: '$input.amount' },
    keyAs: 'key',
  },
});

const plan: SagaPlan = {
  ...{ name: 'order "a" & <b>', version: '1', style: 'orchestration', timeoutMs: 60_000 },
  steps: [
    local('read', 'query'),
    local('hold', 'compensatable'),
    asked,
    local('wait for it', 'compensatable', {
      action: {
        ...{ kind: 'send', command: 'Reserve', with: {} },
        ...{ succeeds: [{ message: 'Reserved', id: 'id' }], fails: [{ message: 'Short', id: 'id' }] },
      },
      timeoutMs: 30_000,
    }),
    local('decide', 'pivot'),
    local('note', 'best-effort'),
    local('ship', 'retriable'),
  ],
};

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

const machine = stateMachine(plan, 'id', 'a comment', taskIn({ operations: new Map() } as unknown as Model, 'orders'));
const states = machine.States as Readonly<Record<string, State>>;

/** The names of the states that a run passes when the states in `broken` fail with an error. */
function run(broken: Readonly<Record<string, string>>): readonly string[] {
  const passed: string[] = [];
  let name: string | undefined = machine.StartAt as string;
  while (name !== undefined && passed.length < 50) {
    passed.push(name);
    const state: State | undefined = states[name];
    const error: string | undefined = broken[name];
    const caught: { readonly Next: string } | undefined = state?.Catch?.find(
      ({ ErrorEquals }) => error !== undefined && (ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL')),
    );
    name = error === undefined ? state?.Next : caught?.Next;
  }
  return passed;
}

describe('a state machine', () => {
  it('names only states that exist, and leads to each of them', () => {
    const named = Object.values(states).flatMap(({ Next, Catch = [] }) => [
      ...(Next ? [Next] : []),
      ...Catch.map((each) => each.Next),
    ]);
    expect(named.filter((name) => states[name] === undefined)).toEqual([]);
    expect(Object.keys(states).filter((name) => name !== machine.StartAt && !named.includes(name))).toEqual([]);
  });

  it('goes forward when nothing fails', () => {
    expect(run({})).toEqual(['begin run', 'read', 'hold', 'pay', 'wait for it', 'decide', 'note', 'ship', 'completed']);
  });

  it('undoes what was done, the last first, when a step is refused', () => {
    expect(run({ decide: 'SagaRefused' }).slice(6)).toEqual([
      'undo wait for it',
      'undo pay',
      'undo hold',
      'compensated',
    ]);
    expect(run({ pay: 'SagaRefused' }).slice(4)).toEqual(['undo hold', 'compensated']);
    expect(run({ read: 'SagaRefused' }).slice(2)).toEqual(['compensated']);
  });

  it('asks about a step that nobody knows of, and never takes it for failed', () => {
    expect(run({ pay: 'States.Timeout' }).slice(4, 6)).toEqual(['ask pay', 'wait for it']);
    expect(run({ pay: 'States.Timeout', 'ask pay': 'States.Http.StatusCode.404' }).slice(4)).toEqual([
      'ask pay',
      'undo hold',
      'compensated',
    ]);
    expect(run({ pay: 'States.Timeout', 'ask pay': 'States.Timeout' }).slice(4)).toEqual(['ask pay', 'stuck at pay']);
  });

  it('undoes a step that has not answered in time as well', () => {
    expect(run({ 'wait for it': 'States.Timeout' }).slice(5)).toEqual([
      'undo wait for it',
      'undo pay',
      'undo hold',
      'compensated',
    ]);
  });

  it('does not undo a pivot of which nobody knows, nor anything behind it', () => {
    expect(run({ decide: 'States.Timeout' }).slice(6)).toEqual(['stuck at decide']);
    expect(run({ ship: 'SagaRefused' }).slice(8)).toEqual(['stuck at ship']);
    expect(run({ note: 'States.Timeout' }).slice(7)).toEqual(['ship', 'completed']);
  });

  it('gets stuck, in sight, where undoing fails', () => {
    expect(run({ decide: 'SagaRefused', 'undo pay': 'States.TaskFailed' }).slice(7)).toEqual([
      'undo pay',
      'stuck at pay',
    ]);
    expect(states['stuck at pay']?.Type).toBe('Fail');
  });
});

it('a state machine keeps steps apart from its own states, whatever they are called', () => {
  const none = { kind: 'none' } as const;
  const steps = ['completed', '__proto__', 'undo __proto__'].map((id) => local(id, 'compensatable', { action: none }));
  const made = stateMachine({ ...plan, steps }, 'id', '', taskIn({ operations: new Map() } as unknown as Model, 'o'));
  expect(Object.keys(made.States as object).sort()).toEqual(
    [
      ...['__proto__', 'begin run', 'compensated', 'completed', 'step completed', 'step undo __proto__'],
      ...['stuck at __proto__', 'stuck at step completed', 'stuck at step undo __proto__'],
      ...['undo __proto__', 'undo step completed', 'undo step undo __proto__'],
    ].sort(),
  );
  expect(JSON.stringify(made)).not.toMatch(/"Type":"Pass"[^{}]*"Catch"/);
});

describe('a BPMN process', () => {
  const text = bpmn(plan, 'id', 'a & b');
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
  const named = (attribute: string) =>
    [...text.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, id = '']) => id);

  it('gives every element an id of its own, and refers to those only', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const refs = ['sourceRef', 'targetRef', 'attachedToRef', 'messageRef', 'errorRef', 'bpmnElement'].flatMap(named);
    expect(refs.length).toBeGreaterThan(40);
    expect(refs.filter((ref) => !ids.includes(ref))).toEqual([]);
  });

  it('draws every node and every line', () => {
    const drawn = new Set(named('bpmnElement'));
    const flows = [...text.matchAll(/<bpmn:(?:sequenceFlow|association) id="([^"]*)"/g)].map(([, id = '']) => id);
    const nodes = [
      ...text.matchAll(
        /<bpmn:\w*(?:Task|Gateway|startEvent|endEvent|boundaryEvent|CatchEvent|ThrowEvent) id="([^"]*)"/g,
      ),
    ].map(([, id = '']) => id);
    expect(nodes.length).toBeGreaterThan(20);
    expect([...flows, ...nodes].filter((id) => !drawn.has(id))).toEqual([]);
  });

  it('leads every step that can be undone to its handler', () => {
    const handlers = [...text.matchAll(/<bpmn:\w+ id="(\w+)"[^>]* isForCompensation="true"/g)].map(([, id]) => id);
    expect(handlers).toEqual(['undo_hold', 'undo_pay', 'undo_waitForIt']);
    for (const handler of handlers)
      expect(text).toContain(`sourceRef="${handler?.replace('undo_', 'compensation_')}" targetRef="${handler}"`);
  });

  it('lets nothing of a contract become markup', () => {
    expect(text).toContain('name="order &#34;a&#34; &#38; &#60;b&#62;"');
    expect(text.replace(/"[^"]*"/g, '').match(/<(?!\/?(bpmn|bpmndi|dc|di|zeebe):|\?xml)/g)).toBeNull();
  });
});
