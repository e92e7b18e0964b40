import fc from 'fast-check';
import type { SagaAction, SagaPlan, SagaStepKind, SagaStepPlan } from '../../../runtime/saga/plan.js';

const retry = (attemptsMax: number): SagaStepPlan['retry'] => ({
  attemptsMax,
  backoff: 'fixed',
  initialMs: 10,
  maxMs: 10,
  jitter: 'none',
});

export type ActionKind = 'local' | 'call' | 'send' | 'send-only' | 'publish' | 'receive' | 'none';

export function actionOf(kind: ActionKind, id: string): SagaAction {
  const answers = {
    succeeds: [{ message: `${id}Done`, id: 'runId' }],
    fails: [{ message: `${id}Failed`, id: 'runId' }],
  };
  switch (kind) {
    case 'local':
      return { kind, name: id, with: {} };
    case 'call':
      return { kind, provider: 'other', operation: id, with: {}, keyAs: 'key' };
    case 'send':
      return { kind, command: id, with: {}, ...answers };
    case 'send-only':
      return { kind: 'send', command: id, with: {}, succeeds: [], fails: [] };
    case 'publish':
      return { kind, event: id, with: {}, ...answers };
    case 'receive':
      return { kind, ...answers };
    case 'none':
      return { kind };
  }
}

/** A plan as the contract's rules let it through: what comes before the pivot can be undone, what comes after goes through or may be lost. */
export const randomPlan: fc.Arbitrary<SagaPlan> = fc
  .record({
    before: fc.array(stepOfKinds(['query', 'compensatable', 'compensatable', 'best-effort']), { maxLength: 4 }),
    pivot: fc.option(stepOfKinds(['pivot'])),
    after: fc.array(stepOfKinds(['retriable', 'best-effort', 'query']), { maxLength: 2 }),
    timed: fc.boolean(),
    announces: fc.boolean(),
  })
  .filter(({ before, pivot }) => before.length > 0 || pivot !== null)
  .map(({ before, pivot, after, timed, announces }) => {
    const steps = [...before, ...(pivot === null ? [] : [pivot, ...after])].map((make, index) => make(`s${index}`));
    const end = (name: string) => ({ kind: 'publish', name, with: {} }) as const;
    return {
      name: 'random',
      version: '1',
      style: 'orchestration',
      steps,
      ...(timed && { timeoutMs: 60_000 }),
      ...(announces && { completed: end('Done'), compensated: end('Undone') }),
    };
  });

function stepOfKinds(kinds: readonly SagaStepKind[]): fc.Arbitrary<(id: string) => SagaStepPlan> {
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      action: fc.constantFrom<ActionKind>(
        'local',
        'call',
        'call',
        'send',
        'send',
        'send-only',
        'publish',
        'receive',
        'none',
      ),
      undo: fc.constantFrom<ActionKind>('local', 'call', 'send', 'send-only'),
      hasUndo: fc.integer({ min: 0, max: 4 }),
      onFailure: fc.constantFrom('compensate', 'compensate', 'retry', 'continue'),
      onUnknown: fc.constantFrom('query', 'query', 'retry-same-key', 'manual'),
      needsOutputs: fc.boolean(),
      attempts: fc.integer({ min: 1, max: 3 }),
      announces: fc.boolean(),
    })
    .map(({ kind, action, undo, hasUndo, onFailure, onUnknown, needsOutputs, attempts, announces }) => (id) => ({
      id,
      kind,
      action: actionOf(action, id),
      outputs: { ref: '$response.body#/ref' },
      retry: retry(attempts),
      onFailure,
      onUnknown,
      ...(onUnknown === 'query' && {
        query: { kind: 'call', provider: 'other', operation: `get-${id}`, with: {} } as const,
      }),
      ...(announces && { announce: { kind: 'publish', name: `${id}Told`, with: {} } as const }),
      ...(kind === 'compensatable' &&
        hasUndo > 0 && {
          compensate: {
            action: withRef(actionOf(undo, `undo-${id}`), needsOutputs ? id : undefined),
            retry: retry(attempts + 1),
          },
        }),
    }));
}

function withRef(action: SagaAction, step: string | undefined): SagaAction {
  return 'with' in action && step !== undefined ? { ...action, with: { ref: `$steps.${step}.outputs.ref` } } : action;
}
