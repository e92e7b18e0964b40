import { UsageError } from '../../errors.js';
import { defaultPrefix } from './keys.js';

/** What a `redis:` URL says. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly tls: boolean;
  /** First part of every key. */
  readonly prefix: string;
  /** How long a consumer that does not answer keeps its messages. */
  readonly leaseMs: number;
}

/**
 * Reads `redis://[user:password@]host[:6379][/db][?prefix=…&leaseMs=…]`; `rediss:` for TLS.
 *
 * Throws `UsageError` that never repeats the URL, which may hold a password.
 */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || !/^rediss?:$/.test(url.protocol)) {
    throw new UsageError('the URL of the Redis broker is not of the form "redis://host:6379"');
  }
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'prefix' && name !== 'leaseMs');
  if (unknown !== undefined) {
    throw new UsageError(
      `the URL of the Redis broker has an unknown parameter "${unknown}"; known are "prefix" and "leaseMs"`,
    );
  }
  return {
    // The brackets of an IPv6 address belong to the URL, not to the host.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
    db: database(url.pathname),
    tls: url.protocol === 'rediss:',
    prefix: prefixOf(url.searchParams.get('prefix') ?? defaultPrefix),
    leaseMs: leaseOf(url.searchParams.get('leaseMs') ?? '10000'),
  };
}

function database(path: string): number {
  const found = /^\/?(\d{0,5})$/.exec(path);
  if (found === null) throw new UsageError('the path of the URL of the Redis broker must be the number of a database');
  return Number(found[1]);
}

/** Braces would end the hash tag, spaces and quotes break the commands that operators type. */
function prefixOf(text: string): string {
  if (/^[\w.-]{1,100}$/.test(text)) return text;
  throw new UsageError('"prefix" in the URL of the Redis broker may hold letters, digits, "_", "." and "-" only');
}

function leaseOf(text: string): number {
  const leaseMs = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (leaseMs >= 300) return leaseMs;
  throw new UsageError('"leaseMs" in the URL of the Redis broker must be a number of milliseconds, at least 300');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError('user or password in the URL of the Redis broker is not percent-encoded');
  }
}
