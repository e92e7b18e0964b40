import { parseDuration } from '../../generator/schema/duration.js';
import { UsageError } from '../../runtime/errors.js';

/** How the answer itself goes wrong. */
export type Damage = 'reset' | 'garbage' | 'wrong-body' | 'slow-body' | 'close-mid-body' | 'empty';

/** Something that goes wrong on demand. Parts that are there apply together: late, with 503, and cut off. */
export interface Fault {
  /** Method name, operationId or `GET /path` of the contract. Default: every operation. */
  readonly operation?: string;
  /** Answered instead of the success. */
  readonly status?: number;
  /** Waited before anything is answered, beside the latency of the stub. */
  readonly latencyMs?: number;
  readonly damage?: Damage;
  /** Time that a `slow-body` takes. Default 10 s. */
  readonly bodyMs?: number;
  /** Sent as `Retry-After`: seconds, or a date. */
  readonly retryAfter?: string;
  /** Requests after which it heals. Default: never. */
  readonly times?: number;
}

const damages: readonly Damage[] = ['reset', 'garbage', 'wrong-body', 'slow-body', 'close-mid-body', 'empty'];

/**
 * Reads `status=503, retry-after=2, times=3`, with the operation and a colon before it where it is not for all: `getItem: reset`.
 * Throws `UsageError` that says what is known.
 */
export function parseFault(text: string): Fault {
  const [, operation, rest = ''] = /^(?:([^=,]+?):\s)?(.*)$/s.exec(text.trim()) ?? [];
  let fault: Fault = operation === undefined ? {} : { operation };
  for (const part of rest.split(',').map((each) => each.trim())) fault = { ...fault, ...parsePart(part, text) };
  return fault;
}

function parsePart(part: string, text: string): Partial<Fault> {
  const at = part.indexOf('=');
  const name = (at < 0 ? part : part.slice(0, at)).trim();
  const value = at < 0 ? undefined : part.slice(at + 1).trim();
  const wrong = (wanted: string) => new UsageError(`the fault "${text}" cannot be read: ${wanted}`);
  const damage = damages.find((known) => known === name);
  if (damage !== undefined) {
    if (value === undefined) return { damage };
    if (damage !== 'slow-body') throw wrong(`"${name}" takes no value`);
    return { damage, bodyMs: durationIn(value, wrong('"slow-body" takes a duration such as 5s')) };
  }
  switch (name) {
    case 'status':
      return { status: countIn(value, 200, 599, wrong('"status" takes a number from 200 to 599')) };
    case 'times':
      return { times: countIn(value, 1, Number.MAX_SAFE_INTEGER, wrong('"times" takes a number of at least 1')) };
    case 'latency':
      return { latencyMs: durationIn(value ?? '', wrong('"latency" takes a duration such as 200ms or 2s')) };
    case 'retry-after':
      if (value === undefined || !/^[\x20-\x7e]+$/.test(value)) throw wrong('"retry-after" takes seconds or a date');
      return { retryAfter: value };
    default:
      throw wrong(`there is no "${name}"; there are status, latency, retry-after, times, ${damages.join(', ')}`);
  }
}

function countIn(text: string | undefined, min: number, max: number, error: UsageError): number {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < min || value > max) throw error;
  return value;
}

function durationIn(text: string, error: UsageError): number {
  const value = parseDuration(text);
  if (value === undefined) throw error;
  return value;
}

/** A fault that came as JSON. Throws `UsageError` on anything else. */
export function readFault(value: unknown): Fault {
  if (typeof value === 'string') return parseFault(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('a fault is a text such as "status=503, times=3", or an object with such members');
  const { operation, status, latencyMs, damage, bodyMs, retryAfter, times, ...unknown } = value as Record<
    string,
    unknown
  >;
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw new UsageError(`a fault has no "${other}"`);
  // One reading for both forms: what a text may say is what an object may say.
  const parts = [
    ...(status === undefined ? [] : [`status=${String(status)}`]),
    ...(latencyMs === undefined ? [] : [`latency=${String(latencyMs)}ms`]),
    ...(retryAfter === undefined ? [] : [`retry-after=${String(retryAfter)}`]),
    ...(times === undefined ? [] : [`times=${String(times)}`]),
    ...(damage === undefined ? [] : [bodyMs === undefined ? String(damage) : `${String(damage)}=${String(bodyMs)}ms`]),
  ];
  if (parts.length === 0) throw new UsageError('the fault says nothing that goes wrong');
  return { ...parseFault(parts.join(',')), ...(operation === undefined ? {} : { operation: String(operation) }) };
}
