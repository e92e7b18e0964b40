import { isUnavailable } from '../errors.js';
import type { Cache } from './cache.js';
import type { Answer, Fallback, Layer, Surroundings } from './policy.js';

/**
 * Answers in place of a provider that cannot: by what the contract says. A 4xx is an answer and stays one; so does what the caller itself ended or got
 * wrong.
 */
export function fallback(instead: Fallback, cache: Cache | undefined, { count }: Surroundings): Layer {
  return async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const answer = instead === 'cached' ? cache?.stale(call.cacheKey) : givenValue(instead);
      if (answer === undefined) throw error;
      count('seamwright.http.fallbacks', { ...call.place, from: answer.from });
      return answer;
    }
  };
}

function givenValue(instead: Exclude<Fallback, 'cached'>): Answer | undefined {
  if (instead === 'fail') return undefined;
  return { value: typeof instead === 'string' ? null : structuredClone(instead.value), from: 'fallback' };
}
