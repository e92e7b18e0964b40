/** A connection that breaks, as the platform's own `fetch` tells it. */
export function brokenConnection(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
