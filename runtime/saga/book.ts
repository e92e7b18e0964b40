import { UsageError } from '../errors.js';
import type { Transaction } from '../stores/store.js';
import type { SagaCalls, SagaDefinition } from './definition.js';
import type { SagaPlan, SagaStepPlan } from './plan.js';
import { type SagaTable, transitionTable } from './table.js';

/** A local function as the engine calls it. */
export type SagaFunction = (context: unknown) => Promise<unknown>;

/** A version of a saga's plan with all that belongs to it. */
export interface KnownSaga {
  readonly plan: SagaPlan;
  readonly table: SagaTable;
  /** Absent when the saga has gone from the contract since. */
  readonly definition?: SagaDefinition;
}

/** What a service knows of its sagas: those of its contract, and plans of earlier versions as they are kept beside the runs. */
export interface SagaBook {
  readonly definitions: readonly SagaDefinition[];
  /** What this process knows without asking the store. */
  remembered(saga: string, version: string): KnownSaga | undefined;
  /** Undefined when nobody has written down such a plan. */
  known(tx: Pick<Transaction, 'sagas'>, saga: string, version: string): Promise<KnownSaga | undefined>;
  /** By the property of `service.sagas`. */
  byProperty(property: string): SagaDefinition;
  /** Undefined when the function has gone since the plan was written. */
  local(saga: KnownSaga, name: string): SagaFunction | undefined;
  call(provider: string, operation: string): SagaCalls[string] | undefined;
}

/** `locals` is the user's `options.sagas`. Throws `UsageError` for a function or a call that a plan needs and nobody has given. */
export function createBook(definitions: readonly SagaDefinition[], locals: unknown, calls: SagaCalls = {}): SagaBook {
  const present = new Map(
    definitions.map((definition) => {
      const { plan, transitions: table } = definition;
      return [nameOf(plan.name, plan.version), { plan, table, definition }] as const;
    }),
  );
  const earlier = new Map<string, KnownSaga>();

  const book: SagaBook = {
    definitions,
    remembered(saga, version) {
      const name = nameOf(saga, version);
      return present.get(name) ?? earlier.get(name);
    },
    async known(tx, saga, version) {
      const found = book.remembered(saga, version);
      if (found !== undefined) return found;
      const plan = await tx.sagas.plan(saga, version);
      if (plan === null) return undefined;
      const definition = definitions.find((one) => one.plan.name === saga);
      const made = { plan, table: transitionTable(plan), ...(definition && { definition }) };
      earlier.set(nameOf(saga, version), made);
      return made;
    },
    byProperty(property) {
      const found = definitions.find((one) => one.property === property);
      if (found === undefined) throw new UsageError(`there is no saga ${property}`);
      return found;
    },
    local({ definition }, name) {
      if (definition === undefined) return undefined;
      const found = member(member(locals, definition.property), name);
      return typeof found === 'function' ? (found as SagaFunction) : undefined;
    },
    call: (provider, operation) => {
      const name = `${provider}.${operation}`;
      return Object.hasOwn(calls, name) ? calls[name] : undefined;
    },
  };
  checkBook(book);
  return book;
}

function checkBook(book: SagaBook): void {
  for (const definition of book.definitions) {
    const { plan, transitions: table, property } = definition;
    for (const name of definition.locals) {
      if (book.local({ plan, table, definition }, name) === undefined)
        throw new UsageError(`saga ${plan.name}: the function "sagas.${property}.${name}" is missing`);
    }
    for (const action of plan.steps.flatMap(actionsOf)) {
      if (action.kind === 'call' && book.call(action.provider, action.operation) === undefined)
        throw new UsageError(`saga ${plan.name}: "sagaCalls" has no ${action.provider}.${action.operation}`);
    }
  }
  const names = book.definitions.map(({ plan }) => plan.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`two sagas are called ${twice}`);
}

function actionsOf({ action, query, compensate }: SagaStepPlan) {
  return [action, query, compensate?.action].filter((one) => one !== undefined);
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
}

function nameOf(saga: string, version: string): string {
  return JSON.stringify([saga, version]);
}
