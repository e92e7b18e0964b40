import { UsageError } from '../../errors.js';

/** What a URL of a NATS broker says. Nothing of it is ever printed but `label`. */
export interface NatsUrl {
  /** `host:port` of each server named. */
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly login?:
    | { readonly kind: 'password'; readonly user: string; readonly password: string }
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'nkey'; readonly seed: string; readonly jwt?: string };
  /** Copies of each stream and consumer that `declare` creates, 1 to 5. */
  readonly replicas: number;
  /** Servers without credentials, for errors. */
  readonly label: string;
}

/**
 * Reads `nats://` and `tls://` URLs: `user:password@` or `token@`, several hosts with commas, and the options `nkey` (seed), `jwt` (with `nkey`) and
 * `replicas`. Throws `UsageError`, without any part of the URL in it.
 */
export function parseNatsUrl(url: string): NatsUrl {
  // A list may repeat the scheme and the credentials before each host, as the configuration of NATS does; those of the first one count.
  const list = url.replace(/,(?:nats|tls):\/\/(?:[^@/?#,]*@)?/gi, ',');
  const match = /^(nats|tls):\/\/(?:([^/?#]*)@)?([^@/?#]+)\/?(?:\?([^#]*))?$/i.exec(list);
  if (match === null) throw new UsageError('the URL of the NATS broker is not of the form nats://host:4222');
  const [, scheme = '', userInfo, hosts = '', query = ''] = match;
  const servers = hosts.split(',').map(serverOf);
  const options = optionsOf(query);
  const login = loginOf(userInfo, options);
  return {
    servers,
    tls: scheme.toLowerCase() === 'tls',
    ...(login !== undefined && { login }),
    replicas: replicasOf(options.get('replicas')),
    label: servers.join(', '),
  };
}

function serverOf(host: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i.exec(host.trim());
  const port = Number(match?.[2] ?? 4222);
  if (match?.[1] === undefined || port > 65_535)
    throw new UsageError('the URL of the NATS broker names no valid host and port');
  return `${match[1]}:${port}`;
}

const known = new Set(['replicas', 'nkey', 'jwt']);

function optionsOf(query: string): URLSearchParams {
  const options = new URLSearchParams(query);
  const strange = [...options.keys()].find((key) => !known.has(key));
  if (strange === undefined) return options;
  throw new UsageError(
    `the URL of the NATS broker has the option "${strange}"; known are ${[...known].map((key) => `"${key}"`).join(', ')}`,
  );
}

function loginOf(userInfo: string | undefined, options: URLSearchParams): NatsUrl['login'] {
  const [seed, jwt] = [options.get('nkey'), options.get('jwt')];
  if (seed !== null) return { kind: 'nkey', seed, ...(jwt !== null && { jwt }) };
  if (jwt !== null) throw new UsageError('the URL of the NATS broker has the option "jwt" without "nkey"');
  if (userInfo === undefined || userInfo === '') return undefined;
  const colon = userInfo.indexOf(':');
  if (colon < 0) return { kind: 'token', token: plain(userInfo) };
  return { kind: 'password', user: plain(userInfo.slice(0, colon)), password: plain(userInfo.slice(colon + 1)) };
}

function replicasOf(text: string | null): number {
  if (text === null) return 1;
  if (/^[1-5]$/.test(text)) return Number(text);
  throw new UsageError('the option "replicas" in the URL of the NATS broker must be 1 to 5');
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('the credentials in the URL of the NATS broker are not percent-encoded');
  }
}
