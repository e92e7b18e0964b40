import type { Store } from '../store.js';
import { type SqlConnection, sqlState } from './client.js';
import { type Prepare, prepareSchema } from './prepare.js';
import { putReplica, putReplicas } from './replica.js';
import { sagaRows } from './saga.js';
import { sqlTransaction } from './transaction.js';
import { runWork } from './work.js';

const attemptsMax = 5;
/** serialization_failure and deadlock_detected: the same work may pass the next time. */
const retriable = new Set(['40001', '40P01']);

/** A store over any PostgreSQL: the driver's file brings the connection, everything else is shared. */
export function sqlStore(options: {
  readonly kind: string;
  readonly connection: SqlConnection;
  readonly prepare?: Prepare;
}): Store {
  const { kind, connection, prepare } = options;
  const { within } = connection;
  return {
    kind,
    prepare: (tables) => retried(() => connection.transaction((client) => prepareSchema(client, tables, prepare))),
    transaction: (work) =>
      retried(() => connection.transaction((client) => runWork(client, (own) => work(sqlTransaction(own))))),
    alone: {
      putReplica: (...write) => retried(() => connection.alone((client) => putReplica(client, ...write))),
      putReplicas: (...writes) => retried(() => connection.alone((client) => putReplicas(client, ...writes))),
      moveSaga: (...move) => retried(() => connection.alone((client) => sagaRows(client).move(...move))),
    },
    ...(within !== undefined && {
      within: (client, work) => within(client, (joined) => runWork(joined, (own) => work(sqlTransaction(own)))),
    }),
    close: () => connection.close(),
  };
}

async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attemptsMax || !retriable.has(sqlState(error) ?? '')) throw error;
    }
  }
}
