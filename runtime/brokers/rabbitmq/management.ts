import { UnavailableError, UsageError } from '../../errors.js';
import type { BindingLayout } from './layout.js';
import type { AmqpUrl } from './url.js';

const patienceMs = 10_000;

/**
 * All bindings of a virtual host, by the management API below `root` (`http://host:15672`); its user is that of `root`, else that of the broker. Rejects with
 * `UnavailableError` when it does not answer, with `UsageError` when it answers otherwise than such an API.
 */
export async function bindingsOf(
  root: string,
  url: AmqpUrl,
): Promise<readonly (BindingLayout & { readonly propertiesKey: string })[]> {
  const { address, authorization } = rootOf(root, url);
  const response = await ask(`${address.href.replace(/\/$/, '')}/api/bindings/${encodeURIComponent(url.vhost)}`);
  if (!response.ok) {
    throw new UsageError(
      `the management API of RabbitMQ at ${address.host} answers ${response.status}; name its root and a user that may look, as in http://user:password@host:15672`,
    );
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!Array.isArray(body)) throw new UsageError(`what answers at ${address.host} is no management API of RabbitMQ`);
  return (body as readonly Record<string, string>[]).map((one) => ({
    ...{ source: one.source ?? '', destination: one.destination ?? '', key: one.routing_key ?? '' },
    destinationType: one.destination_type === 'exchange' ? 'exchange' : 'queue',
    propertiesKey: one.properties_key ?? '',
  }));

  async function ask(href: string): Promise<Response> {
    try {
      return await fetch(href, { headers: { authorization }, signal: AbortSignal.timeout(patienceMs) });
    } catch (error) {
      throw new UnavailableError(`the management API of RabbitMQ at ${address.host}`, error);
    }
  }
}

function rootOf(
  root: string,
  { username, password }: AmqpUrl,
): { readonly address: URL; readonly authorization: string } {
  const address = URL.canParse(root) ? new URL(root) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new UsageError('the URL of the management API is not of the form http://user:password@host:15672');
  }
  const user = address.username === '' ? username : decodeURIComponent(address.username);
  const secret = address.username === '' ? password : decodeURIComponent(address.password);
  address.username = '';
  address.password = '';
  return { address, authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` };
}
