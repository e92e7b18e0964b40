import { ProblemError } from '../../runtime/http/problem.js';

/** A security scheme of an OpenAPI document, as written. */
export interface SecurityScheme {
  readonly type: string;
  /** Of `http`: `bearer`, `basic` and others. */
  readonly scheme?: unknown;
  /** Of `apiKey`. */
  readonly name?: unknown;
  readonly in?: unknown;
}

/** Wants credentials of one of the schemes; which ones they are does not matter. Throws `ProblemError` 401. */
export function demandCredentials(schemes: readonly SecurityScheme[], headers: Headers, url: URL): void {
  if (schemes.length === 0 || schemes.some((scheme) => hasCredentials(scheme, headers, url))) return;
  const wanted = schemes.map(describe).join(', or ');
  throw new ProblemError(401, { detail: `send ${wanted}` }, { 'www-authenticate': challenge(schemes) });
}

function hasCredentials(scheme: SecurityScheme, headers: Headers, url: URL): boolean {
  if (scheme.type === 'apiKey') {
    const name = String(scheme.name);
    if (scheme.in === 'query') return (url.searchParams.get(name) ?? '') !== '';
    if (scheme.in === 'cookie')
      return (headers.get('cookie') ?? '').split(';').some((part) => part.trim().startsWith(`${name}=`));
    return isHeaderName(name) && (headers.get(name) ?? '') !== '';
  }
  const word = authorizationScheme(scheme);
  // Certificates were shown while the connection was made, and of an unknown scheme nothing can be asked.
  if (word === undefined) return true;
  const [given, credentials = ''] = (headers.get('authorization') ?? '').split(' ', 2);
  return given?.toLowerCase() === word.toLowerCase() && credentials !== '';
}

/** What `Authorization` starts with; undefined for schemes that do not use it. */
function authorizationScheme({ type, scheme }: SecurityScheme): string | undefined {
  if (type === 'oauth2' || type === 'openIdConnect') return 'Bearer';
  return type === 'http' && typeof scheme === 'string' ? scheme : undefined;
}

function describe(scheme: SecurityScheme): string {
  if (scheme.type === 'apiKey') return `the ${String(scheme.in)} "${String(scheme.name)}"`;
  return `the header "Authorization: ${authorizationScheme(scheme) ?? scheme.type} …"`;
}

function challenge(schemes: readonly SecurityScheme[]): string {
  const word = schemes.map(authorizationScheme).find((found) => found !== undefined) ?? 'Bearer';
  return /^[\w-]+$/.test(word) ? word : 'Bearer';
}

function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name);
}
