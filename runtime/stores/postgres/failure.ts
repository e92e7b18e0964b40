import { UnavailableError } from '../../errors.js';
import { sqlState } from '../sql/client.js';

/** Of the operating system and of the driver, when there is no server to say anything. */
const connectionCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'],
]);
const connectionTexts =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Connection ended|Query read timeout|The server does not support SSL)/;

/**
 * SQLSTATEs that say nothing about the statement: the server is away, full, overloaded, being stopped, read-only, or lets nobody in. Whatever was asked may
 * work once somebody has seen to that. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unavailableStates = /^(08...|53...|57P0[1-5]|58030|25006|40003|28000|28P01|3D000|26000)$/;
/** The idle transaction was this process's own doing, such as a handler that waits for something else: not held back for ever as an outage would be. */
const idleTransaction = '25P03';

/** Whether an error says that the database is not there, rather than that the statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state === idleTransaction) return false;
  if (state !== undefined && (unavailableStates.test(state) || connectionCodes.has(state))) return true;
  if (isOutdatedPlan(error)) return true;
  // Several addresses were tried, each with its own failure.
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && connectionTexts.test(error.message);
}

/** `UnavailableError` for what `isUnavailable`, with the reason in its text; everything else as it is. */
export function failureOf(error: unknown, database: string): unknown {
  if (!isUnavailable(error) || error instanceof UnavailableError) return error;
  const reason = error instanceof AggregateError ? error.errors.find(isUnavailable) : error;
  return new UnavailableError(`${database} (${reason instanceof Error ? reason.message : String(reason)})`, error);
}

/** A prepared statement of a table whose columns have changed meanwhile: a new connection prepares it anew. */
function isOutdatedPlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && Reflect.get(Object(error), 'routine') === 'RevalidateCachedQuery';
}
