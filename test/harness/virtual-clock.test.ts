import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';

describe('VirtualClock', () => {
  it('runs timers by instant, those of one instant in the order of their setting', async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    for (const [delayMs, name] of [
      [20, 'c'],
      [10, 'a'],
      [20, 'd'],
      [10, 'b'],
      [0, 'now'],
    ] as const) {
      clock.timer(delayMs, () => log.push(`${clock.now()} ${name}`));
    }
    await clock.advance(20);
    expect(log).toEqual(['0 now', '10 a', '10 b', '20 c', '20 d']);
    expect(clock.now()).toBe(20);
  });

  it('runs no timer early and none that was cancelled', async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    const cancel = clock.timer(5, () => log.push('cancelled'));
    clock.timer(11, () => log.push('later'));
    cancel();
    cancel();
    expect(clock.pending).toBe(1);
    await clock.advance(10);
    expect([log, clock.now(), clock.pending]).toEqual([[], 10, 1]);
    await clock.advance(1);
    expect([log, clock.pending]).toEqual([['later'], 0]);
  });

  it('lets every continuation of a timer settle before the next one', async () => {
    const clock = new VirtualClock(0);
    const log: string[] = [];
    const worker = async (name: string) => {
      await clock.sleep(10);
      for (let hop = 0; hop < 50; hop++) await Promise.resolve();
      log.push(name);
    };
    void worker('first');
    void worker('second');
    clock.timer(10, () => log.push('third'));
    await clock.advance(10);
    expect(log).toEqual(['first', 'second', 'third']);
  });

  it('runs timers that timers set, within the time given', async () => {
    const clock = new VirtualClock(0);
    let ticks = 0;
    const tick = () => {
      ticks++;
      clock.timer(10, tick);
    };
    clock.timer(10, tick);
    await clock.advance(95);
    expect(ticks).toBe(9);
    await expect(clock.runUntilIdle(1000)).rejects.toThrow('1000 ms of virtual time');
    await expect(clock.runUntil(() => false, 1000)).rejects.toThrow('1000 ms of virtual time');
  });

  it('answers what the work answers, and says when nothing is left that could end it', async () => {
    const clock = new VirtualClock(0);
    const day = clock.sleep(86_000_000).then(() => 'done');
    expect(await clock.run(day)).toBe('done');
    await expect(clock.run(clock.sleep(1).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow('nothing is left to happen');
    await clock.runUntilIdle();
    expect(clock.now()).toBe(86_000_001);
  });

  it('a sleep ends with its signal and leaves no timer', async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    const asleep = clock.sleep(1000, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(asleep).rejects.toThrow('stopped');
    await expect(clock.sleep(1, stop.signal)).rejects.toThrow('stopped');
    expect(clock.pending).toBe(0);
  });
});
