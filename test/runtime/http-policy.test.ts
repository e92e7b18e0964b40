import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import {
  BulkheadFullError,
  CircuitOpenError,
  HttpConnectionError,
  HttpDeadlineError,
  HttpStatusError,
  HttpTimeoutError,
  NoAnswerError,
  RateLimitedError,
  UnexpectedReplyError,
} from '../../runtime/http/errors.js';
import { compose } from '../../runtime/http/policy/compose.js';
import type { Answer, Call, CallPolicy, Next } from '../../runtime/http/policy/policy.js';

const place = { provider: 'stock', operation: 'getItem' };

describe('policies of a call', () => {
  let clock: VirtualClock;
  let counts: Map<string, number>;
  let gauges: Map<string, number>;
  let tries: {
    readonly atMs: number;
    readonly deadlineAtMs: number | undefined;
    readonly signal: AbortSignal | undefined;
  }[];

  beforeEach(() => {
    clock = new VirtualClock();
    counts = new Map();
    gauges = new Map();
    tries = [];
  });

  describe('timeout', () => {
    it('ends a try that takes too long, and tells it to stop', async () => {
      const call = guarded({ timeoutMs: 100 }, answerAfter(500));
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpTimeoutError);
      expect(now()).toBe(100);
      expect(tries[0]?.signal?.aborted).toBe(true);
    });

    it('is the deadline when that comes first', async () => {
      const call = guarded({ timeoutMs: 100, deadlineMs: 40 }, answerAfter(500));
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpTimeoutError);
      expect(now()).toBe(40);
    });

    it('gives way to that of one call', async () => {
      const call = guarded({ timeoutMs: 100 }, answerAfter(500));
      await expect(clock.run(call({ timeoutMs: 1_000 }))).resolves.toMatchObject({ value: 'fresh' });
    });

    it('passes on why the caller stopped', async () => {
      const stop = new AbortController();
      const call = guarded({ timeoutMs: 100 }, answerAfter(50))({ signal: stop.signal });
      stop.abort(new Error('the user left'));
      await expect(clock.run(call)).rejects.toThrow('the user left');
    });
  });

  describe('deadline', () => {
    it('is the sooner one of the policy and of the request at hand', async () => {
      await clock.run(guarded({ timeoutMs: 100, deadlineMs: 50 }, answerAfter(1))());
      await clock.run(guarded({ timeoutMs: 100, deadlineMs: 50 }, answerAfter(1))({ deadlineAtMs: clock.now() + 20 }));
      await clock.run(guarded({ timeoutMs: 100 }, answerAfter(1))({ deadlineAtMs: clock.now() + 70 }));
      await clock.run(guarded({ timeoutMs: 100 }, answerAfter(1))());
      expect(tries.map(({ atMs, deadlineAtMs }) => deadlineAtMs && deadlineAtMs - atMs)).toEqual([
        50,
        20,
        70,
        undefined,
      ]);
    });

    it('already spent, it is no call at all', async () => {
      const call = guarded({ timeoutMs: 100 }, answerAfter(1))({ deadlineAtMs: clock.now() });
      await expect(clock.run(call)).rejects.toBeInstanceOf(HttpDeadlineError);
      expect(tries).toEqual([]);
    });

    it('bounds the tries and their waits together', async () => {
      const call = guarded({ timeoutMs: 30, deadlineMs: 100, retry: retries(50, 'timeout') }, answerAfter(500));
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpTimeoutError);
      expect(now()).toBeLessThanOrEqual(100);
      expect(tries.length).toBeGreaterThan(1);
    });
  });

  describe('retry', () => {
    it.each([
      ['network', () => new HttpConnectionError(place, new Error('reset'))],
      ['timeout', () => new HttpTimeoutError(place, 1)],
      ['503', () => new HttpStatusError(place, 503, undefined)],
      ['502', () => new UnexpectedReplyError(place, 502, 'of a proxy', '', new HttpStatusError(place, 502, undefined))],
    ] as const)('tries again after %s where the contract names it, as often as it says', async (cause, failure) => {
      const failing = guarded({ timeoutMs: 10, retry: retries(3, cause) }, failWith(failure));
      await expect(clock.run(failing())).rejects.toThrow();
      expect(tries.length).toBe(3);
      tries = [];
      const other = guarded({ timeoutMs: 10, retry: retries(3, '599') }, failWith(failure));
      await expect(clock.run(other())).rejects.toThrow();
      expect(tries.length).toBe(1);
    });

    it('gives what a later try gives', async () => {
      let left = 2;
      const call = guarded({ timeoutMs: 10, retry: retries(3, 'network') }, async () => {
        if (left-- > 0) throw new HttpConnectionError(place, new Error('reset'));
        return fresh;
      });
      await expect(clock.run(call())).resolves.toEqual(fresh);
      expect(counts.get('seamwright.http.retries')).toBe(2);
    });

    it('tries nothing again that must not happen twice', async () => {
      const call = guarded({ timeoutMs: 10, retry: retries(3, 'network') }, failWith(broken));
      await expect(clock.run(call({ repeatable: false }))).rejects.toThrow();
      expect(tries.length).toBe(1);
    });

    it('asks no sooner than the provider says', async () => {
      const busy = () => new HttpStatusError(place, 429, undefined, 7);
      const call = guarded({ timeoutMs: 10, retry: retries(2, '429') }, failWith(busy));
      await expect(clock.run(call())).rejects.toThrow();
      expect((tries[1]?.atMs ?? 0) - (tries[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(7_000);
    });

    it('fails at once when the provider wants to be left alone beyond the deadline', async () => {
      const busy = () => new HttpStatusError(place, 429, undefined, 7);
      const call = guarded({ timeoutMs: 10, deadlineMs: 5_000, retry: retries(2, '429') }, failWith(busy));
      await expect(clock.run(call())).rejects.toMatchObject({ status: 429 });
      expect([tries.length, now()]).toEqual([1, 0]);
    });

    it('looks again for what is not there yet, then says that there is none', async () => {
      const none: Answer = { value: null, status: 404, from: 'provider' };
      const call = guarded({ timeoutMs: 10, retry: retries(3, '404') }, async () => none);
      await expect(clock.run(call())).resolves.toEqual(none);
      expect(tries.length).toBe(3);
      tries = [];
      let left = 1;
      const late = guarded({ timeoutMs: 10, retry: retries(3, '404') }, async () => (left-- > 0 ? none : fresh));
      await expect(clock.run(late())).resolves.toEqual(fresh);
    });

    it('waits as long as the backoff says, and stops waiting when the caller does', async () => {
      const stop = new AbortController();
      const call = guarded(
        { timeoutMs: 10, retry: { ...retries(5, 'network'), initialMs: 1_000, maxMs: 60_000, backoff: 'exponential' } },
        failWith(broken),
      );
      const outcome = expect(clock.run(call({ signal: stop.signal }))).rejects.toThrow('enough');
      clock.timer(6_500, () => stop.abort(new Error('enough')));
      await outcome;
      expect(tries.map(({ atMs }) => atMs - start)).toEqual([0, 1_000, 3_000]);
    });
  });

  describe('circuit breaker', () => {
    const three = { timeoutMs: 100, circuitBreaker: { failureThreshold: 3, openForMs: 1_000, halfOpenMax: 1 } };

    it('opens after so many failures in a row, then asks nobody', async () => {
      const call = guarded(three, failWith(broken));
      for (let index = 0; index < 3; index++)
        await expect(clock.run(call())).rejects.toBeInstanceOf(HttpConnectionError);
      expect(gauges.get('seamwright.http.circuit.state')).toBe(2);
      await expect(clock.run(call())).rejects.toMatchObject({ code: 'http-circuit-open', retryAfterMs: 1_000 });
      expect(tries.length).toBe(3);
    });

    it('a success in between begins the count anew', async () => {
      const script = ['bad', 'bad', 'good', 'bad', 'bad', 'good'];
      const call = guarded(three, async () => {
        if (script.shift() === 'bad') throw broken();
        return fresh;
      });
      for (let index = 0; index < 6; index++) await clock.run(call()).catch(() => {});
      expect(tries.length).toBe(6);
    });

    it.each([
      ['a 4xx', () => new HttpStatusError(place, 404, undefined), false],
      ['being told to slow down', () => new HttpStatusError(place, 429, undefined), false],
      ['a 5xx', () => new HttpStatusError(place, 500, undefined), true],
      ['a timeout', () => new HttpTimeoutError(place, 1), true],
      ['a body that breaks its contract', () => new UnexpectedReplyError(place, 200, 'with garbage', ''), true],
      ['what the caller got wrong', () => new Error('bug'), false],
    ] as const)('%s: counts %#', async (_, failure, counted) => {
      const call = guarded(three, failWith(failure));
      for (let index = 0; index < 5; index++) await clock.run(call()).catch(() => {});
      expect(tries.length).toBe(counted ? 3 : 5);
    });

    it('takes slow answers for failures', async () => {
      const policy = { ...three, circuitBreaker: { ...three.circuitBreaker, slowCallMs: 50 } };
      const slow = guarded(policy, answerAfter(60));
      for (let index = 0; index < 5; index++) await clock.run(slow()).catch(() => {});
      expect(tries.length).toBe(3);
      tries = [];
      const quick = guarded(policy, answerAfter(50));
      for (let index = 0; index < 5; index++) await clock.run(quick());
      expect(tries.length).toBe(5);
    });

    it('opens at a rate of failures, once there are enough calls to speak of one', async () => {
      let count = 0;
      const half = guarded(
        { timeoutMs: 100, circuitBreaker: { failureRate: 0.5, openForMs: 1_000, halfOpenMax: 1 } },
        async () => {
          if (count++ % 2 === 1) throw broken();
          return fresh;
        },
      );
      for (let index = 0; index < 30; index++) await clock.run(half()).catch(() => {});
      expect(tries.length).toBe(10);
    });

    it('lets one probe through when its time is over, and refuses the others meanwhile', async () => {
      let healthy = false;
      const call = guarded(three, async () => {
        await clock.sleep(20);
        if (!healthy) throw broken();
        return fresh;
      });
      await failing(call, 3);
      await clock.advance(1_000);
      healthy = true;
      const outcomes = await clock.run(Promise.allSettled([call(), call(), call()]));
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(tries.length).toBe(4);
      expect(gauges.get('seamwright.http.circuit.state')).toBe(0);
      await expect(clock.run(call())).resolves.toEqual(fresh);
    });

    it('opens again when the probe fails, for as long again', async () => {
      const call = guarded(three, failWith(broken));
      await failing(call, 3);
      await clock.advance(1_000);
      await failing(call, 1);
      await expect(clock.run(call())).rejects.toBeInstanceOf(CircuitOpenError);
      await clock.advance(999);
      await expect(clock.run(call())).rejects.toBeInstanceOf(CircuitOpenError);
      expect(tries.length).toBe(4);
    });

    it('wants as many good probes in a row as the contract says', async () => {
      let healthy = false;
      const policy = { timeoutMs: 100, circuitBreaker: { failureThreshold: 1, openForMs: 1_000, halfOpenMax: 3 } };
      const call = guarded(policy, async () => {
        if (!healthy) throw broken();
        return fresh;
      });
      await failing(call, 1);
      await clock.advance(1_000);
      healthy = true;
      await clock.run(call());
      await clock.run(call());
      expect(gauges.get('seamwright.http.circuit.state')).toBe(1);
      await clock.run(call());
      expect(gauges.get('seamwright.http.circuit.state')).toBe(0);
    });

    it('frees the place of a probe that its caller gave up', async () => {
      let healthy = false;
      const call = guarded({ ...three, timeoutMs: 10_000 }, async ({ signal }) => {
        if (!healthy) throw broken();
        await clock.sleep(20, signal);
        return fresh;
      });
      await failing(call, 3);
      await clock.advance(1_000);
      healthy = true;
      const stop = new AbortController();
      const probe = call({ signal: stop.signal });
      stop.abort(new Error('never mind'));
      await expect(clock.run(probe)).rejects.toThrow();
      await expect(clock.run(call())).resolves.toEqual(fresh);
    });

    it('ignores what was asked before it opened', async () => {
      let slow = true;
      const call = guarded({ ...three, timeoutMs: 10_000 }, async () => {
        if (slow) {
          slow = false;
          await clock.sleep(5_000);
          throw broken();
        }
        if (healthy) return fresh;
        throw broken();
      });
      let healthy = false;
      const early = call().catch(() => {});
      await failing(call, 3);
      await clock.advance(1_000);
      healthy = true;
      await clock.run(call());
      await clock.run(early);
      expect(gauges.get('seamwright.http.circuit.state')).toBe(0);
    });

    it('ends the retries of a call once it is open', async () => {
      const call = guarded({ ...three, retry: retries(10, 'network') }, failWith(broken));
      await expect(clock.run(call())).rejects.toBeInstanceOf(CircuitOpenError);
      expect(tries.length).toBe(3);
    });
  });

  describe('bulkhead', () => {
    const narrow = { timeoutMs: 1_000, bulkhead: { concurrentMax: 2, queueMax: 1 } };

    it('lets so many through, some wait, the rest is refused', async () => {
      const call = guarded(narrow, answerAfter(50));
      const outcomes = Promise.allSettled([call(), call(), call(), call()]);
      await clock.advance(0);
      expect(tries.length).toBe(2);
      const settled = await clock.run(outcomes);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
      expect(settled[3]).toMatchObject({ reason: expect.any(BulkheadFullError) });
      expect(tries.map(({ atMs }) => atMs - start)).toEqual([0, 0, 50]);
    });

    it('counts a call with all its tries as one', async () => {
      const call = guarded(
        { timeoutMs: 1_000, bulkhead: { concurrentMax: 1, queueMax: 0 }, retry: retries(3, 'network') },
        failWith(broken),
      );
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpConnectionError);
      expect(tries.length).toBe(3);
    });

    it('does not make a call whose deadline has passed while it waited', async () => {
      const call = guarded({ ...narrow, bulkhead: { concurrentMax: 1, queueMax: 5 } }, answerAfter(50));
      const first = call();
      const second = call({ deadlineAtMs: clock.now() + 20 });
      await expect(clock.run(second)).rejects.toBeInstanceOf(HttpDeadlineError);
      await clock.run(first);
      expect(tries.length).toBe(1);
    });
  });

  it('rate limit: lets so many through in any such time, and says when to come back', async () => {
    const call = guarded({ timeoutMs: 10, rateLimit: { requests: 2, perMs: 1_000 } }, async () => fresh);
    await clock.run(Promise.all([call(), call()]));
    await expect(clock.run(call())).rejects.toMatchObject({ code: 'http-rate-limited', retryAfterMs: 500 });
    await clock.advance(500);
    await clock.run(call());
    await expect(clock.run(call())).rejects.toBeInstanceOf(RateLimitedError);
    expect(tries.length).toBe(3);
  });

  describe('cache', () => {
    const kept = { timeoutMs: 10, cache: { ttlMs: 1_000, staleIfErrorMs: 5_000 }, fallback: 'cached' } as const;

    it('gives a fresh answer again without a call, to the same question only', async () => {
      const call = guarded(kept, answerAfter(1));
      await clock.run(call({ cacheKey: 'a' }));
      await clock.advance(400);
      expect(await clock.run(call({ cacheKey: 'a' }))).toMatchObject({ value: 'fresh', from: 'cache', ageMs: 400 });
      await clock.run(call({ cacheKey: 'b' }));
      await clock.run(call({ cacheKey: undefined }));
      await clock.run(call({ cacheKey: undefined }));
      expect(tries.length).toBe(4);
      await clock.advance(1_000);
      expect(await clock.run(call({ cacheKey: 'a' }))).toMatchObject({ from: 'provider' });
    });

    it('gives an old one when the provider fails, up to its age, then the error', async () => {
      let healthy = true;
      const call = guarded(kept, async () => {
        if (!healthy) throw broken();
        return fresh;
      });
      await clock.run(call());
      healthy = false;
      await clock.advance(3_000);
      expect(await clock.run(call())).toMatchObject({ value: 'fresh', from: 'cache', ageMs: 3_000 });
      expect(counts.get('seamwright.http.fallbacks')).toBe(1);
      await clock.advance(3_000);
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpConnectionError);
    });

    it('cold, it fails fast', async () => {
      const call = guarded(
        { ...kept, circuitBreaker: { failureThreshold: 1, openForMs: 1_000, halfOpenMax: 1 } },
        failWith(broken),
      );
      await expect(clock.run(call())).rejects.toThrow();
      await expect(clock.run(call())).rejects.toBeInstanceOf(CircuitOpenError);
    });

    it('hands out copies, which nobody can spoil for the next', async () => {
      const call = guarded(kept, async () => ({ value: { list: [1] }, status: 200, from: 'provider' }));
      for (const _ of [1, 2, 3]) {
        const { value } = await clock.run(call());
        expect(value).toEqual({ list: [1] });
        (value as { list: number[] }).list.push(2);
      }
    });

    it('keeps no errors and a bounded number of answers', async () => {
      const call = guarded(kept, answerAfter(0));
      for (let index = 0; index < 1_001; index++) await clock.run(call({ cacheKey: `k${index}` }));
      tries = [];
      await clock.run(call({ cacheKey: 'k1000' }));
      expect(tries.length).toBe(0);
      await clock.run(call({ cacheKey: 'k0' }));
      expect(tries.length).toBe(1);
    });
  });

  describe('fallback', () => {
    it.each([
      ['none', null],
      ['skip', null],
      ['default', null],
      [{ value: { name: 'unknown' } }, { name: 'unknown' }],
    ] as const)('%j answers for a provider that cannot', async (instead, value) => {
      const call = guarded({ timeoutMs: 10, fallback: instead }, failWith(broken));
      expect(await clock.run(call())).toEqual({ value, from: 'fallback' });
    });

    it('fail: the error', async () => {
      const call = guarded({ timeoutMs: 10, fallback: 'fail' }, failWith(broken));
      await expect(clock.run(call())).rejects.toBeInstanceOf(NoAnswerError);
    });

    it('leaves answers and mistakes of the caller alone', async () => {
      const missing = guarded(
        { timeoutMs: 10, fallback: 'none' },
        failWith(() => new HttpStatusError(place, 404, undefined)),
      );
      await expect(clock.run(missing())).rejects.toMatchObject({ status: 404 });
      const wrong = guarded(
        { timeoutMs: 10, fallback: 'none' },
        failWith(() => new TypeError('bug')),
      );
      await expect(clock.run(wrong())).rejects.toThrow('bug');
    });

    it('answers for an open breaker, a full bulkhead and a spent deadline too', async () => {
      const call = guarded(
        { timeoutMs: 10, fallback: 'none', circuitBreaker: { failureThreshold: 1, openForMs: 1_000, halfOpenMax: 1 } },
        failWith(broken),
      );
      await clock.run(call());
      expect(await clock.run(call())).toEqual({ value: null, from: 'fallback' });
      expect(await clock.run(call({ deadlineAtMs: clock.now() - 1 }))).toEqual({ value: null, from: 'fallback' });
      expect(tries.length).toBe(1);
    });
  });

  const start = new VirtualClock().now();
  const fresh: Answer = { value: 'fresh', status: 200, from: 'provider' };
  const broken = (): Error => new HttpConnectionError(place, new Error('reset'));

  function now(): number {
    return clock.now() - start;
  }

  /** One operation under a policy; each call of it may be told apart. */
  function guarded(policy: CallPolicy, work: Next): (call?: Partial<Call>) => Promise<Answer> {
    const around = {
      clock,
      random: { next: () => 0.999 },
      count: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1),
      gauge: (name: string, value: number) => void gauges.set(name, value),
    };
    const call = compose(
      policy,
      around,
    )((one) => {
      tries.push({ atMs: clock.now(), deadlineAtMs: one.deadlineAtMs, signal: one.signal });
      return work(one);
    });
    return (more = {}) =>
      call({
        ...{ place, signal: undefined, deadlineAtMs: undefined, timeoutMs: undefined },
        ...{ repeatable: true, cacheKey: 'key', attempt: 1, ...more },
      });
  }

  function answerAfter(delayMs: number): Next {
    return async ({ signal }) => {
      await clock.sleep(delayMs, signal);
      return fresh;
    };
  }

  function failWith(failure: () => Error): Next {
    return async () => {
      throw failure();
    };
  }

  async function failing(call: () => Promise<Answer>, times: number): Promise<void> {
    for (let index = 0; index < times; index++)
      await expect(clock.run(call())).rejects.toBeInstanceOf(HttpConnectionError);
  }

  function retries(attemptsMax: number, cause: string): NonNullable<CallPolicy['retry']> {
    return { attemptsMax, backoff: 'fixed', initialMs: 10, maxMs: 10, jitter: 'none', on: [cause] };
  }
});
