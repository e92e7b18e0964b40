import { describe, expect, it } from 'vitest';
import { obstaclesBetween, type Standing } from '../../generator/compat/deployable.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import type { Model } from '../../generator/model/types.js';
import { judgement, modelWith } from './judgements.js';

const older = modelWith({});
const newer = modelWith({});
const standing = (service: string, model: Model): Standing => ({
  service,
  version: '1.0.0',
  model,
  age: model === newer ? 1 : 0,
});

/** Whether `server` of one time runs beside `client` of another, when clients write and the server reads. */
function works(order: Judgement['order'], server: Model, client: Model): boolean {
  const between = (before: Model, after: Model): readonly Judgement[] => {
    expect([before, after]).toEqual([older, newer]);
    return [judgement({ order, writers: ['client'], readers: ['server'] })];
  };
  return obstaclesBetween(standing('server', server), standing('client', client), between).length === 0;
}

describe('two services of two revisions', () => {
  it.each([
    // What the old writer sends is refused by the new reader.
    ['writer-first', 'new server, old client', newer, older, false],
    ['writer-first', 'old server, new client', older, newer, true],
    // What the new writer sends is refused by the old reader.
    ['reader-first', 'new server, old client', newer, older, true],
    ['reader-first', 'old server, new client', older, newer, false],
    ['never', 'new server, old client', newer, older, false],
    ['never', 'old server, new client', older, newer, false],
  ] as const)('%s: %s', (order, _, server, client, expected) => {
    expect(works(order, server, client)).toBe(expected);
  });

  it('of one revision always speak the same', () => {
    expect(works('never', newer, newer)).toBe(true);
  });

  it('are not stopped by what is safe, or by what concerns others', () => {
    const say = (said: Partial<Judgement>) =>
      obstaclesBetween(standing('server', newer), standing('client', older), () => [
        judgement({ order: 'never', writers: ['client'], readers: ['server'], ...said }),
      ]).map(({ verdict }) => verdict);
    expect(say({})).toEqual(['no']);
    expect(say({ verdict: 'unknown' })).toEqual(['unproven']);
    expect(say({ verdict: 'safe' })).toEqual([]);
    expect(say({ writers: ['other'] })).toEqual([]);
  });
});
