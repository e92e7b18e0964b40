import process from 'node:process';
import { type Clock, systemClock } from './clock.js';
import { UsageError } from './errors.js';
import { type Logger, silentLogger } from './log.js';

const levels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof levels)[number];

export interface JsonLoggerOptions {
  /** Least level that is written. Default `info`. */
  readonly level?: LogLevel;
  /** Gets each line, without its end. Default: standard output. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
}

/**
 * Writes each entry as one line of JSON: `time` (RFC 3339), `level`, `message`, then the facts. Errors are told with their class, code, message, stack and causes.
 * Never throws: a log must not cost the work that it tells of.
 */
export function jsonLogger(options: JsonLoggerOptions = {}): Logger {
  const { level = 'info', write = (line) => void process.stdout.write(`${line}\n`), clock = systemClock } = options;
  const from = levels.indexOf(level);
  const at = (name: LogLevel) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    if (levels.indexOf(name) < from) return;
    const head = { time: new Date(clock.now()).toISOString(), level: name, message };
    const told = plain(facts, depthMax);
    write(JSON.stringify({ ...head, ...(isRecord(told) ? told : {}), ...head }));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What `SEAMWRIGHT_LOG` asks for: one of the levels, or nothing at all. Throws `UsageError` for another word. */
export function environmentLogger(environment: Readonly<Record<string, string | undefined>> = process.env): Logger {
  const { SEAMWRIGHT_LOG: word = '' } = environment;
  if (word === '' || word === 'silent') return silentLogger;
  const level = levels.find((name) => name === word);
  if (level !== undefined) return jsonLogger({ level });
  throw new UsageError(`SEAMWRIGHT_LOG is ${JSON.stringify(word)}; it may be ${levels.join(', ')} or silent`);
}

/** Facts are shallow; what is deeper than this is somebody else's object, or a ring. */
const depthMax = 8;

/** Whatever it is, as JSON can hold it. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  // A body may be a payload.
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, depth - 1)]));
}

/** Nothing else of an error: drivers put values of rows and connection strings into further properties. */
function plainError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  return {
    type: name,
    ...('code' in error && { code: plain(error.code, depth - 1) }),
    message,
    stack,
    ...(cause !== undefined && { cause: plain(cause, depth - 1) }),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
