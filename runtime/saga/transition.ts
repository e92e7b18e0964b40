import { lessonOf } from './lesson.js';
import type { SagaPlan, SagaStepPlan } from './plan.js';
import { mayBeInDoubt, pivotOf, placeIn, stepOf } from './plan-facts.js';
import { marked, noTries, placeOf, type SagaEvent, type SagaRun } from './run.js';
import type { SagaEventKind, SagaOrder, SagaTable, SagaTransition } from './table.js';

/**
 * What an event has done to a run. `moved`: a row of the table was taken. `noted`: it changed only what is known, for later. `ignored`: it says nothing
 * new. Each of them belongs into the journal.
 */
export interface SagaMove {
  readonly effect: 'moved' | 'noted' | 'ignored';
  readonly run: SagaRun;
  /** To be carried out in this order. */
  readonly orders: readonly SagaOrder[];
}

/**
 * One move of a run: pure, without clock and without chance, so that every engine and every test moves alike. Takes any event at any moment; throws for a
 * state that leads nowhere in the table, which then is the table of another plan.
 */
export function transition(table: SagaTable, plan: SagaPlan, run: SagaRun, event: SagaEvent): SagaMove {
  const lesson = lessonOf(plan, run, event);
  if (lesson === undefined) return { effect: 'ignored', run, orders: [] };
  const rows = rowsOf(table);
  const row = lesson.about && rowFor(rows, plan, lesson.run, lesson.about);
  return row === undefined ? { effect: 'noted', run: lesson.run, orders: [] } : follow(rows, plan, lesson.run, row);
}

type Rows = ReadonlyMap<string, ReadonlyMap<SagaEventKind, SagaTransition>>;

/** Tables are literals of generated code, asked at every move. */
const known = new WeakMap<SagaTable, Rows>();

function rowsOf(table: SagaTable): Rows {
  const found = known.get(table);
  if (found !== undefined) return found;
  const rows = new Map<string, Map<SagaEventKind, SagaTransition>>();
  for (const row of table) rows.set(row.state, (rows.get(row.state) ?? new Map()).set(row.event, row));
  known.set(table, rows);
  return rows;
}

type StepOrder = SagaOrder & { readonly order: 'do' | 'ask' | 'undo' };

/** The row for an event. A further try is another row when no try is left. */
function rowFor(rows: Rows, plan: SagaPlan, run: SagaRun, kind: SagaEventKind): SagaTransition | undefined {
  const here = rows.get(run.state);
  const row = here?.get(kind);
  const order = row && stepOrder(row);
  const step = order && stepOf(plan, order.step);
  if (step === undefined || order === undefined || !repeats.has(kind) || placeOf(run.state)?.step !== step.id)
    return row;
  // The first question about a step is none that comes again.
  const first = order.order === 'ask' && placeOf(run.state)?.phase === 'do';
  if (first || run.tries[order.order] < triesMax(plan, run, step, order.order)) return row;
  return here?.get(exhausted(rows, run, kind));
}

/** Events after which the same is tried again. */
const repeats: ReadonlySet<SagaEventKind> = new Set(['erred', 'unknown', 'failed', 'not-found', 'undo-failed']);

function exhausted(rows: Rows, run: SagaRun, kind: SagaEventKind): SagaEventKind {
  if (kind === 'undo-failed') return 'unresolved';
  if (kind === 'unknown' || run.inDoubt) return run.turning ? 'blocked' : 'unresolved';
  const failed = rows.get(run.state)?.get('failed');
  return kind === 'erred' && failed?.next !== run.state ? 'failed' : 'given-up';
}

/** Total tries. Before the pivot a question is asked for as long as the run has time: there is nothing better to do. */
function triesMax(plan: SagaPlan, run: SagaRun, step: SagaStepPlan, order: StepOrder['order']): number {
  if (order === 'undo') return step.compensate?.retry.attemptsMax ?? 1;
  const timed = plan.timeoutMs !== undefined && !run.turning && placeIn(plan, step.id) <= pivotOf(plan);
  return order === 'ask' && timed ? Number.POSITIVE_INFINITY : step.retry.attemptsMax;
}

/** Follows a row, and those behind it for steps that need nothing: on the way back what has left nothing behind, on the way on what was answered before. */
function follow(rows: Rows, plan: SagaPlan, from: SagaRun, first: SagaTransition): SagaMove {
  let run = from;
  let row = first;
  const passed: SagaOrder[] = [];
  for (let next = beyond(rows, run, row); next !== undefined; next = beyond(rows, run, row)) {
    // The step is not tried and the end is none; what was said of a step before stands.
    passed.push(...row.orders.filter(({ order, ...rest }) => order === 'announce' && 'step' in rest));
    ({ run, row } = next);
  }
  const { announced } = run;
  const orders = [...passed, ...row.orders].filter((one) => !isEnd(one) || !announced.includes(one.of));
  const ends = orders.filter(isEnd).map(({ of }) => of);
  const back = row.next.startsWith('undo:') || row.next === 'compensated';
  const moved: SagaRun = {
    ...run,
    state: row.next,
    turning: run.turning || back,
    announced: ends.length === 0 ? announced : [...announced, ...ends],
    pending: stepOrder(row) !== undefined || (row.next === run.state && run.pending),
  };
  const order = stepOrder(row);
  return { effect: 'moved', run: order === undefined ? moved : ordered(plan, run, moved, row, order), orders };
}

/** The row behind one that leads to where nothing is to be done; undefined when it leads somewhere. */
function beyond(
  rows: Rows,
  run: SagaRun,
  { next, event, ...row }: SagaTransition,
): { readonly run: SagaRun; readonly row: SagaTransition } | undefined {
  if (event === 'resolved-compensated' || event === 'retried') return undefined;
  if (next === 'compensated') {
    const left = Object.keys(run.marks).some((step) => rows.has(`undo:${step}`) && isLeft(run, step));
    return left ? { run, row: existing(rows, next, 'late-success') } : undefined;
  }
  const order = stepOrder(row);
  if (order === undefined) return undefined;
  const { step } = order;
  const mark = run.marks[step];
  if (order.order === 'undo') return isLeft(run, step) ? undefined : { run, row: existing(rows, next, 'undone') };
  if (order.order === 'ask') return undefined;
  if (mark === 'done') return { run, row: existing(rows, next, 'succeeded') };
  return mark === 'refused' ? { run: marked(run, step, 'clear'), row: existing(rows, next, 'failed') } : undefined;
}

function existing(rows: Rows, state: string, event: SagaEventKind): SagaTransition {
  const row = rows.get(state)?.get(event);
  if (row === undefined) throw new Error(`the table of the saga has no row for "${event}" in "${state}"`);
  return row;
}

function isLeft({ marks }: SagaRun, step: string): boolean {
  return marks[step] === 'done' || marks[step] === 'begun';
}

/** From the commit of an order on its step may have happened, and the try counts. */
function ordered(
  plan: SagaPlan,
  before: SagaRun,
  run: SagaRun,
  { event }: SagaTransition,
  { order, step }: StepOrder,
): SagaRun {
  const same = placeOf(before.state)?.step === step;
  const tries = same ? before.tries : noTries;
  if (order === 'undo') {
    // Of a try that may have acted the next one is a repetition; what has happened since is another thing to undo.
    const repeated = event === 'undo-failed' || event === 'retried';
    const round = (run.rounds[step] ?? 0) + (repeated ? 0 : 1);
    const undo = event === 'undo-failed' ? tries.undo + 1 : 1;
    return { ...run, rounds: { ...run.rounds, [step]: round }, tries: { ...noTries, undo }, inDoubt: false };
  }
  const counted = {
    ...run,
    inDoubt: same && run.inDoubt,
    tries: order === 'ask' ? { ...tries, ask: tries.ask + 1 } : { ...noTries, do: tries.do + 1 },
  };
  const found = stepOf(plan, step);
  return order === 'do' && found !== undefined && mayBeInDoubt(found) ? marked(counted, step, 'begun') : counted;
}

function stepOrder({ orders }: Pick<SagaTransition, 'orders'>): StepOrder | undefined {
  return orders.find((one): one is StepOrder => one.order === 'do' || one.order === 'ask' || one.order === 'undo');
}

function isEnd(order: SagaOrder): order is SagaOrder & { readonly of: 'completed' | 'compensated' } {
  return order.order === 'announce' && order.of !== 'step';
}
