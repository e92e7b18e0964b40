/** What stands where a secret was. */
const hidden = '***';

/**
 * A URL that may be shown: without user name, password, the values of its query and its fragment. Works on lists of hosts (`kafka://a:9092,b:9092`) and on what is
 * no URL, of which nothing but its beginning is told: it may be a password in the wrong place.
 */
export function safeUrl(url: string | URL): string {
  const text = String(url);
  const match = /^([a-z][a-z0-9+.-]*:)(\/\/)?([^?#]*)(\?[^#]*)?/i.exec(text);
  if (match === null) return `${text.slice(0, 3)}${hidden}`;
  const [, scheme = '', slashes = '', rest = '', query = ''] = match;
  return `${scheme}${slashes}${withoutUser(rest)}${query === '' ? '' : `?${names(query)}`}`;
}

/** Up to the last `@` before the path: a password may hold one that nobody has escaped, but no host does. */
function withoutUser(rest: string): string {
  const end = rest.lastIndexOf('@');
  return end === -1 ? rest : `${hidden}@${rest.slice(end + 1)}`;
}

function names(query: string): string {
  return query
    .slice(1)
    .split('&')
    .map((pair) => (pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=${hidden}` : hidden))
    .join('&');
}
