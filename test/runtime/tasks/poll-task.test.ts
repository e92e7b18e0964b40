import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { HttpConnectionError, HttpStatusError, UnexpectedReplyError } from '../../../runtime/http/errors.js';
import { pollTask, TaskDeadlineError } from '../../../runtime/tasks/poll-task.js';

type Look = { readonly state: 'running' | 'done' | 'failed'; readonly after?: string } | Error;

const place = { provider: 'reports', operation: 'getExport' };

/** Looks that come one after the other, the last one for ever, and the instants at which they were taken. */
function looks(clock: VirtualClock, ...given: readonly Look[]) {
  const startedAt = clock.now();
  const taken: number[] = [];
  const read: Parameters<typeof pollTask<{ readonly state: 'running' | 'done' | 'failed' }>>[0] = async ({
    onAnswer,
  }) => {
    const look = given[Math.min(taken.length, given.length - 1)] as Look;
    taken.push(clock.now() - startedAt);
    if (look instanceof Error) throw look;
    const { state, after } = look;
    onAnswer?.({
      from: 'provider',
      status: 200,
      headers: new Headers(after === undefined ? {} : { 'retry-after': after }),
    });
    return { state };
  };
  return { read, taken };
}

describe('polling a task', () => {
  it('looks less and less often until it has ended', async () => {
    const clock = new VirtualClock();
    const { read, taken } = looks(clock, ...Array<Look>(5).fill({ state: 'running' }), { state: 'done' });
    const polled = pollTask(read, { clock, everyMs: 1_000, everyMaxMs: 3_000 });
    expect(await clock.run(polled)).toEqual({ state: 'done' });
    expect(taken).toEqual([0, 1_000, 2_500, 4_750, 7_750, 10_750]);
  });

  it('answers a task that failed', async () => {
    const clock = new VirtualClock();
    expect(await clock.run(pollTask(looks(clock, { state: 'failed' }).read, { clock }))).toEqual({ state: 'failed' });
  });

  it('does not look before the provider wants it', async () => {
    const clock = new VirtualClock();
    const busy = new HttpStatusError(place, 503, undefined, 7);
    const undocumented = new UnexpectedReplyError(place, 429, 'too many', '', new HttpStatusError(place, 429, '', 9));
    const { read, taken } = looks(clock, { state: 'running', after: '5' }, busy, undocumented, { state: 'done' });
    await clock.run(pollTask(read, { clock }));
    expect(taken).toEqual([0, 5_000, 12_000, 21_000]);
  });

  it('goes on when nobody answers, and gives up over what will not change', async () => {
    const clock = new VirtualClock();
    const lost = looks(clock, new HttpConnectionError(place, new Error('reset')), { state: 'done' });
    expect(await clock.run(pollTask(lost.read, { clock }))).toEqual({ state: 'done' });
    const gone = looks(clock, new HttpStatusError(place, 404, undefined));
    await expect(clock.run(pollTask(gone.read, { clock }))).rejects.toThrow('404');
    expect(gone.taken).toHaveLength(1);
  });

  it('ends at its deadline and when it is told to', async () => {
    const clock = new VirtualClock();
    const endless = looks(clock, { state: 'running' });
    await expect(clock.run(pollTask(endless.read, { clock, deadlineMs: 4_000 }))).rejects.toThrow(TaskDeadlineError);
    expect(endless.taken.at(-1)).toBeLessThanOrEqual(4_000);
    const stop = new AbortController();
    const stopped = pollTask(looks(clock, { state: 'running' }).read, { clock, signal: stop.signal });
    await clock.advance(100);
    stop.abort(new Error('enough'));
    await expect(clock.run(stopped)).rejects.toThrow('enough');
  });
});
