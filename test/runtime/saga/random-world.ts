import type { SagaPlan, SagaStepPlan } from '../../../runtime/saga/plan.js';
import { isAwaited, mayBeInDoubt, placeIn, stepOf } from '../../../runtime/saga/plan-facts.js';
import { newRun, placeOf, type SagaEvent, type SagaRun } from '../../../runtime/saga/run.js';
import type { SagaOrder, SagaTable } from '../../../runtime/saga/table.js';
import { type SagaMove, transition } from '../../../runtime/saga/transition.js';

/** What happened in the services around a run. */
export interface Effect {
  readonly what: 'done' | 'undone';
  readonly step: string;
}

export interface Told {
  readonly run: SagaRun;
  readonly effects: readonly Effect[];
  readonly moves: readonly { readonly event: SagaEvent; readonly move: SagaMove }[];
  readonly announced: readonly string[];
  readonly alerts: number;
}

/** Draws numbers from 0 up to `below`; the world has no other chance. */
export type Draw = (below: number) => number;

/**
 * Runs a saga among services that act, refuse, lose answers and answer late, each of them idempotent by the key of what they are told. `chaos` is how many
 * more things go wrong; then everything answers. A run that is stuck is retried by an operator who has time.
 */
export function live(plan: SagaPlan, table: SagaTable, draw: Draw, chaos: number): Told {
  let run = newRun;
  let trouble = chaos;
  let alerts = 0;
  const effects: Effect[] = [];
  const moves: { event: SagaEvent; move: SagaMove }[] = [];
  const announced: string[] = [];
  /** Messages under way, and things that happen by themselves. */
  const soon: (() => SagaEvent | undefined)[] = [];
  const undoneKeys = new Set<string>();
  /** Requests that have come and are not worked on yet. */
  const waiting = new Set<string>();

  const happened = (step: string): boolean =>
    effects.filter((one) => one.step === step && one.what === 'done').length >
    effects.filter((one) => one.step === step && one.what === 'undone').length;
  const doneOnce = (step: string): boolean => effects.some((one) => one.step === step && one.what === 'done');
  const act = (step: string): SagaEvent => {
    // The same key for every try: whoever is told a second time repeats what they answered.
    if (!doneOnce(step)) effects.push({ what: 'done', step });
    return { kind: 'succeeded', step, outputs: { ref: `of ${step}` } };
  };
  const bad = (choices: number): number => {
    if (trouble <= 0) return 0;
    const choice = draw(choices);
    if (choice > 0) trouble -= 1;
    return choice;
  };

  function feed(event: SagaEvent): void {
    const move = transition(table, plan, run, event);
    moves.push({ event, move });
    run = move.run;
    for (const order of move.orders) carryOut(order);
  }

  function carryOut(order: SagaOrder): void {
    if (order.order === 'announce') announced.push(order.of === 'step' ? order.step : order.of);
    else if (order.order === 'alert') alerts += 1;
    else {
      const found = stepOf(plan, order.step);
      if (found === undefined) throw new Error(`ordered ${order.step}, which the plan has not`);
      const at = run;
      soon.push(() => {
        // A run that has moved on does not carry out what was ordered before.
        if (placeOf(run.state)?.step !== order.step || run.state !== at.state || run.tries !== at.tries)
          return undefined;
        if (order.order === 'do') return tried(found);
        return order.order === 'ask' ? asked(found) : undoTried(found, at.rounds[order.step] ?? 0);
      });
    }
  }

  function tried(step: SagaStepPlan): SagaEvent | undefined {
    const { id } = step;
    const refuse = (kind: 'failed' | 'erred'): SagaEvent => ({ kind, step: id });
    if (!mayBeInDoubt(step) && step.action.kind !== 'receive') {
      return [() => act(id), () => refuse('failed'), () => refuse('erred')][bad(3)]?.();
    }
    const waits = isAwaited(step.action);
    switch (bad(6)) {
      case 0: {
        const answer = act(id);
        if (waits) soon.push(() => answer);
        return waits ? undefined : answer;
      }
      case 1:
        if (waits) soon.push(() => (doneOnce(id) ? undefined : refuse('failed')));
        // With a key that came before, the answer is that one's.
        workOff(id);
        return waits ? undefined : doneOnce(id) ? act(id) : refuse('failed');
      case 2:
        // It acts, and the answer comes late or not at all.
        waiting.add(id);
        soon.push(() => {
          if (!waits && !waiting.delete(id)) return undefined;
          const answer = act(id);
          if (waits) soon.push(() => answer);
          return undefined;
        });
        return { kind: waits ? 'unanswered' : 'unknown', step: id };
      case 3:
        if (waits) soon.push(() => act(id));
        else act(id);
        return { kind: waits ? 'unanswered' : 'unknown', step: id };
      case 4:
        return waits ? { kind: 'unanswered', step: id } : refuse('erred');
      default:
        return { kind: 'blocked', step: id };
    }
  }

  function asked({ id }: SagaStepPlan): SagaEvent {
    if (bad(3) === 1) return { kind: 'unknown', step: id };
    workOff(id);
    return doneOnce(id)
      ? { kind: 'succeeded', step: id, outputs: { ref: `of ${id}` } }
      : { kind: 'not-found', step: id };
  }

  function undoTried({ id }: SagaStepPlan, round: number): SagaEvent {
    const key = `${id} ${round}`;
    const trick = bad(3);
    if (trick === 1) return { kind: 'undo-failed', step: id };
    workOff(id);
    if (!undoneKeys.has(key) && happened(id)) effects.push({ what: 'undone', step: id });
    undoneKeys.add(key);
    return trick === 2 ? { kind: 'undo-failed', step: id } : { kind: 'undone', step: id };
  }

  /** What services promise: whoever answers to a key, is asked about it or told to undo it, has dealt with the requests that came before under it. */
  function workOff(step: string): void {
    if (waiting.delete(step)) act(step);
  }

  function next(at: number): void {
    const event = soon.splice(at, 1)[0]?.();
    if (event !== undefined) feed(event);
  }

  function disturb(): void {
    const step = plan.steps[draw(plan.steps.length)];
    if (step === undefined) return;
    const index = placeIn(plan, step.id);
    const events: readonly SagaEvent[] = [
      { kind: 'timed-out' },
      { kind: 'started' },
      { kind: 'retried' },
      // What nobody sends that means well; a run has to bear it.
      ...(index >= 0 && effects.some((one) => one.step === step.id)
        ? [{ kind: 'succeeded', step: step.id, outputs: { ref: `of ${step.id}` } } as const]
        : []),
    ];
    const event = events[draw(events.length)];
    if (event !== undefined) feed(event);
  }

  feed({ kind: 'started' });
  for (let turn = 0; turn < 2_000; turn++) {
    if (trouble > 0 && draw(6) === 0) {
      trouble -= 1;
      disturb();
    } else if (soon.length > 0) next(draw(trouble > 0 ? soon.length : 1));
    else if (placeOf(run.state)?.stuck) feed({ kind: 'retried' });
    else if (placeOf(run.state) !== undefined) {
      // Nothing is under way: the time of the step ends.
      const step = placeOf(run.state)?.step ?? '';
      feed({ kind: 'unanswered', step });
    } else return { run, effects, moves, announced, alerts };
  }
  throw new Error(
    `no end: ${JSON.stringify({ run, moves: moves.slice(-12).map(({ event, move }) => [event, move.run.state]) })}`,
  );
}
