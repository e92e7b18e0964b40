import type { ConnectionOptions } from 'node:tls';
import { UsageError } from '../../errors.js';

/** Certificates and the like, as `tls.connect` takes them. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'minVersion'>;

/** What an AMQP URL says. Nothing of it is ever printed but `label`. */
export interface AmqpUrl {
  /** Servers of one cluster; the next one is tried when one is away. */
  readonly hosts: readonly { readonly hostname: string; readonly port: number }[];
  readonly secure: boolean;
  readonly username: string;
  readonly password: string;
  readonly vhost: string;
  /** In seconds; 0 switches heartbeats off. A server that is silent for two of them counts as gone. */
  readonly heartbeatS: number;
  readonly timeoutMs: number;
  /** Highest number of a channel; 0 leaves it to the server. */
  readonly channelMax: number;
  /** Whether the certificate of the server has to be valid. */
  readonly verify: boolean;
  /** Name that the certificate must bear, when it is not the host. */
  readonly serverName?: string;
  /** Root of the management API, with its own user or that of the broker. */
  readonly management?: string;
  /** Hosts and virtual host: what errors may show. */
  readonly label: string;
}

const known = [
  'heartbeat',
  'connection_timeout',
  'channel_max',
  'verify',
  'server_name_indication',
  'management',
] as const;

/**
 * Reads `amqp[s]://user:password@host:port,host:port/vhost?heartbeat=5&...`, as the URI specification of RabbitMQ has it, with several hosts in addition.
 * Defaults: `guest`, ports 5672 and 5671, the virtual host `/`, a heartbeat of 5 s, a connection timeout of 10 s.
 *
 * Throws `UsageError` that says what is wrong without showing the URL, which may hold a password.
 */
export function parseAmqpUrl(url: string): AmqpUrl {
  const match = /^(amqps?):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(url);
  if (match === null) throw new UsageError('the AMQP URL is not of the form amqp://user:password@host:port/vhost');
  const [, scheme = '', userinfo, authority = '', path, query = ''] = match;
  const secure = scheme.toLowerCase() === 'amqps';
  const separator = userinfo?.indexOf(':') ?? -1;
  const user = userinfo === undefined || separator < 0 ? userinfo : userinfo.slice(0, separator);
  const password = userinfo === undefined || separator < 0 ? undefined : userinfo.slice(separator + 1);
  const hosts = authority.split(',').map((host) => hostOf(host, secure ? 5671 : 5672));
  const options = optionsOf(query);
  const vhost = path === undefined || path === '' ? '/' : unescaped(path, 'virtual host');
  const serverName = options.get('server_name_indication');
  const management = options.get('management');
  return {
    ...{ hosts, secure, vhost },
    username: user === undefined ? 'guest' : unescaped(user, 'user name'),
    password: password === undefined ? (user === undefined ? 'guest' : '') : unescaped(password, 'password'),
    heartbeatS: numberOf(options, 'heartbeat', 5),
    timeoutMs: numberOf(options, 'connection_timeout', 10_000),
    channelMax: numberOf(options, 'channel_max', 0),
    verify: options.get('verify') !== 'verify_none',
    ...(serverName === undefined ? {} : { serverName }),
    ...(management === undefined ? {} : { management }),
    label: `${hosts.map(({ hostname, port }) => `${hostname}:${port}`).join(',')}, virtual host "${vhost}"`,
  };
}

function hostOf(text: string, usual: number): { readonly hostname: string; readonly port: number } {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(match?.[2] ?? usual);
  if (match?.[1] === undefined || port > 65_535)
    throw new UsageError('a host of the AMQP URL is not of the form host:port');
  return { hostname: match[1].replace(/^\[|\]$/g, ''), port };
}

function optionsOf(query: string): ReadonlyMap<string, string> {
  const options = new Map(new URLSearchParams(query));
  for (const name of options.keys()) {
    if ((known as readonly string[]).includes(name)) continue;
    const files = /^(cacertfile|certfile|keyfile)$/.test(name);
    throw new UsageError(
      files
        ? `"${name}" in an AMQP URL is not read; name the file in NODE_EXTRA_CA_CERTS, or give its content to rabbitmqBroker(url, { tls })`
        : `an AMQP URL has no option "${name}"; known are ${known.join(', ')}`,
    );
  }
  return options;
}

function numberOf(options: ReadonlyMap<string, string>, name: (typeof known)[number], usual: number): number {
  const text = options.get(name);
  if (text === undefined) return usual;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`"${name}" in an AMQP URL must be a whole number`);
  return Number(text);
}

function unescaped(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(`the ${what} of the AMQP URL is not percent-encoded UTF-8`);
  }
}
