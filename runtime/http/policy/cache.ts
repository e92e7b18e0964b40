import type { Answer, CallPolicy, Layer, Surroundings } from './policy.js';

interface Kept {
  readonly answer: Answer;
  readonly atMs: number;
}

/** Answers that one operation keeps at most; the one that was used longest ago goes first. */
const keptMax = 1_000;

/** Answers of one operation that were given before. */
export interface Cache {
  /** Gives a fresh answer again without a call, and keeps new ones. */
  readonly layer: Layer;
  /** The answer that a failed call may give instead, as long as it is not too old. */
  stale(cacheKey: string | undefined): Answer | undefined;
}

/** Keeps answers to readings in this process. Callers get copies: what one changes, the next must not see. */
export function cache({ ttlMs, staleIfErrorMs = 0 }: NonNullable<CallPolicy['cache']>, around: Surroundings): Cache {
  const { clock, count } = around;
  const kept = new Map<string, Kept>();

  function find(key: string, maxAgeMs: number): Answer | undefined {
    const found = kept.get(key);
    if (found === undefined) return undefined;
    const ageMs = clock.now() - found.atMs;
    if (ageMs >= ttlMs + staleIfErrorMs) kept.delete(key);
    if (ageMs >= maxAgeMs) return undefined;
    kept.delete(key);
    kept.set(key, found);
    return { ...found.answer, value: structuredClone(found.answer.value), from: 'cache', ageMs };
  }

  function keep(key: string, answer: Answer): void {
    kept.delete(key);
    kept.set(key, { answer: { ...answer, value: structuredClone(answer.value) }, atMs: clock.now() });
    const [oldest] = kept.keys();
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
  }

  return {
    async layer(call, next) {
      const { cacheKey } = call;
      if (cacheKey === undefined) return next(call);
      const found = find(cacheKey, ttlMs);
      if (found !== undefined) {
        count('seamwright.http.cache.hits', { ...call.place });
        return found;
      }
      const answer = await next(call);
      if (answer.from === 'provider' && isPlain(answer.value)) keep(cacheKey, answer);
      return answer;
    },
    stale: (cacheKey) => (cacheKey === undefined ? undefined : find(cacheKey, ttlMs + staleIfErrorMs)),
  };
}

/** What can be given twice: no streams, forms or files. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
