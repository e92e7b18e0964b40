import type { AddressParameters } from './address-key.js';
import { sendCommand } from './commands/send-command.js';
import type { SendOptions } from './definition.js';
import { inTransaction } from './in-transaction.js';
import { ownedEntity } from './owned.js';
import type { Parts } from './parts.js';
import { publish } from './publish.js';
import { keepTasks } from './tasks/keep-tasks.js';
import type { Tasks } from './tasks/task.js';
import type { Cause, UnitOfWork } from './unit-of-work.js';

/** What every transaction of a service offers; generated types add the service's entities by name, `publish` and `send`. */
export interface ServiceTransaction {
  /** Runs SQL in this transaction. Rejects with `UsageError` on a store without SQL. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Long work that somebody asks about later. */
  readonly tasks: Tasks;
}

/** The transaction as a handler sees it: SQL, the owned entities by name, `publish` with a function per message and `send` with one per command. */
export function serviceTransaction(parts: Parts, unit: UnitOfWork): ServiceTransaction {
  return offer(parts, (work) => work(unit));
}

/** The same for a handler without transaction: each call is a transaction of its own. */
export function looseTransaction(parts: Parts, cause: Cause): ServiceTransaction {
  return offer(parts, (work) => inTransaction(parts, cause, work));
}

function offer(parts: Parts, run: <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>): ServiceTransaction {
  const { owned, publishes, sends = {} } = parts.definition;
  const entities = Object.entries(owned).map(([name, definition]) => {
    const on = (unit: UnitOfWork) => ownedEntity(parts, unit, definition);
    const entity: ReturnType<typeof on> = {
      created: (...told) => run((unit) => on(unit).created(...told)),
      updated: (...told) => run((unit) => on(unit).updated(...told)),
      save: (...told) => run((unit) => on(unit).save(...told)),
      deleted: (...told) => run((unit) => on(unit).deleted(...told)),
      get: (id) => run((unit) => on(unit).get(id)),
      list: (page) => run((unit) => on(unit).list(page)),
    };
    return [name, entity] as const;
  });
  const publishers = Object.entries(publishes).map(
    ([name, definition]) =>
      [
        name,
        (message: unknown, parameters?: AddressParameters) =>
          run((unit) => publish(parts, unit, definition, message, parameters)),
      ] as const,
  );
  const senders = Object.entries(sends).map(
    ([name, definition]) =>
      [
        name,
        (message: unknown, options?: SendOptions) =>
          run((unit) => sendCommand(parts, unit, definition, message, options)),
      ] as const,
  );
  const tasks = (unit: UnitOfWork): Tasks => keepTasks(parts, unit);
  const ownTasks: Tasks = {
    start: (...told) => run((unit) => tasks(unit).start(...told)),
    progress: (...told) => run((unit) => tasks(unit).progress(...told)),
    finish: (...told) => run((unit) => tasks(unit).finish(...told)),
    fail: (...told) => run((unit) => tasks(unit).fail(...told)),
  };
  return {
    ...Object.fromEntries(entities),
    publish: Object.fromEntries(publishers),
    send: Object.fromEntries(senders),
    ...(parts.sagaStarters && { sagas: parts.sagaStarters(run) }),
    tasks: ownTasks,
    query: (text, values) => run((unit) => unit.tx.query(text, values)),
  } as ServiceTransaction;
}
