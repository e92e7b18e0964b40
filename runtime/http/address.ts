import { UsageError } from '../errors.js';
import { safeUrl } from '../safe-url.js';

/**
 * Base URL of a provider, without a trailing slash: `urls[provider]`, else the variable `SEAMWRIGHT_URL_<PROVIDER>` (`text-snippet-people` is
 * `SEAMWRIGHT_URL_TEXT_SNIPPET_PEOPLE`), else the first absolute server of the contract. Throws `UsageError` when there is none, or no http(s) URL.
 */
export function addressOf(
  provider: string,
  servers: readonly string[],
  urls: Readonly<Record<string, string | URL>> | undefined,
): string {
  const variable = variableFor(provider);
  const given = urls !== undefined && Object.hasOwn(urls, provider) ? urls[provider] : undefined;
  const text = given ?? process.env[variable] ?? servers.find((server) => /^https?:\/\//i.test(server));
  if (text === undefined || String(text) === '') {
    throw new UsageError(
      `no address of "${provider}" is known: set ${variable}, or pass urls: { '${provider}': 'http://…' }`,
    );
  }
  return baseOf(provider, String(text));
}

/** Bases by the text they were read from: the same few are asked for at every call. */
const known = new Map<string, string>();

function baseOf(provider: string, text: string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(`the address of "${provider}" is no http(s) URL: ${safeUrl(text)}`);
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (known.size < 1_000) known.set(text, base);
  return base;
}

export function variableFor(provider: string): string {
  return `SEAMWRIGHT_URL_${provider.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}
