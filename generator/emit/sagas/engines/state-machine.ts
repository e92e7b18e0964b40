import type { SagaAction, SagaPlan, SagaStepPlan } from '../../../../runtime/saga/plan.js';
import { undoNeedsOutputs } from '../../../../runtime/saga/plan-facts.js';
import { distinct } from '../../names.js';
import { path, refusals, type State, type TaskOf } from './state.js';

/** Longest name of a state. */
const nameMax = 80;

/**
 * A saga as a state machine of AWS Step Functions. Steps before the pivot lead to the compensations of everything that was begun, the last one first; a step
 * whose outcome nobody knows is asked for, or undone as well. What cannot go on ends in a failure that names its place, for a person.
 */
export function stateMachine(plan: SagaPlan, id: string, comment: string, task: TaskOf): State {
  const pivot = plan.steps.findIndex(({ kind }) => kind === 'pivot');
  const names = distinct(plan.steps, ({ id: step }) => stateName(step));
  const nameOf = (step: SagaStepPlan | undefined): string | undefined => step && names.get(step);
  // A map, since a step may be called as members of every object are.
  const states = new Map<string, State>();
  const back = (index: number): string => {
    const step = plan.steps.slice(0, index).findLast(({ compensate }) => compensate !== undefined);
    return step === undefined ? 'compensated' : `undo ${nameOf(step)}`;
  };
  states.set('begin run', {
    Type: 'Pass',
    Parameters: { 'input.$': '$', run: { 'id.$': path(['$', ...id.split('.')]) }, steps: {} },
    Next: nameOf(plan.steps[0]) ?? 'completed',
  });
  for (const [index, step] of plan.steps.entries()) {
    const name = nameOf(step) ?? step.id;
    const next = nameOf(plan.steps[index + 1]) ?? 'completed';
    const isForward = pivot !== -1 && index > pivot;
    const failed = step.onFailure === 'continue' ? next : isForward ? `stuck at ${name}` : back(index);
    const inDoubt =
      step.onFailure === 'continue' || isForward ? failed : doubt(step, `stuck at ${name}`, failed, back(index + 1));
    const asks = step.query !== undefined && step.onUnknown === 'query';
    const told = step.announce && `tell of ${name}`;
    const after = told ?? next;
    states.set(name, {
      ...task({ kind: 'do', plan, step, index }),
      ...catching(step.action, [
        { ErrorEquals: refusals, ResultPath: '$.failure', Next: failed },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: asks ? `ask ${name}` : inDoubt },
      ]),
      Next: after,
    });
    if (asks) {
      states.set(`ask ${name}`, {
        ...task({ kind: 'ask', plan, step, index }),
        Catch: [
          { ErrorEquals: ['States.Http.StatusCode.404'], ResultPath: '$.failure', Next: failed },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: `stuck at ${name}` },
        ],
        Next: after,
      });
    }
    if (told !== undefined) states.set(told, { ...task({ kind: 'tell', plan, step, index }), Next: next });
    if (step.compensate !== undefined) {
      states.set(`undo ${name}`, {
        ...task({ kind: 'undo', plan, step, index }),
        ...catching(step.compensate.action, [
          { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: `stuck at ${name}` },
        ]),
        Next: back(index),
      });
    }
    const lead = [...states.values()].some((state) =>
      JSON.stringify(state).includes(JSON.stringify(`stuck at ${name}`)),
    );
    if (lead) states.set(`stuck at ${name}`, { Type: 'Fail', Error: 'SagaStuck', Cause: `${plan.name}: ${step.id}` });
  }
  return { Comment: comment, StartAt: 'begin run', States: { ...Object.fromEntries(states), ...ends(plan, task) } };
}

/** Names that other states have. */
const taken = /^(begin run|completed|compensated|undone|(undo|ask|tell of|stuck at|step) .*)$/i;

function stateName(step: string): string {
  return (taken.test(step) ? `step ${step}` : step).slice(0, nameMax - 20);
}

/** A state without a task cannot fail, and may not say where it would lead. */
function catching({ kind }: SagaAction, catches: readonly State[]): State {
  return kind === 'none' ? {} : { Catch: catches };
}

/** Where a step leads of which nobody knows whether it has happened. */
function doubt(step: SagaStepPlan, stuck: string, failed: string, undo: string): string {
  if (step.kind === 'pivot' || step.onUnknown === 'manual') return stuck;
  if (step.compensate === undefined) return failed;
  return undoNeedsOutputs(step) && step.action.kind !== 'local' ? stuck : undo;
}

function ends(plan: SagaPlan, task: TaskOf): Readonly<Record<string, State>> {
  const undone: State = { Type: 'Fail', Error: 'SagaCompensated', Cause: `${plan.name} was undone` };
  return {
    completed: plan.completed ? { ...task({ kind: 'completed', plan }), End: true } : { Type: 'Succeed' },
    ...(plan.compensated
      ? { compensated: { ...task({ kind: 'compensated', plan }), Next: 'undone' }, undone }
      : { compensated: undone }),
  };
}
