import { afterEach, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../generator/cli/commands/verify.js';
import { textReport } from '../../harness/report/text.js';
import type { VerifyResult } from '../../harness/result.js';
import { contracts, project, uuid } from '../harness/mixed/desk.js';
import type { World } from './world.js';

let world: World | undefined;
afterEach(() => world?.remove());

describe('verify --score', { timeout: 60_000 }, () => {
  it('counts the mistakes that a verification would catch, and names those that it would not', async () => {
    world = await project(contracts({ required: ['id'], properties: { id: uuid, name: { type: 'string' } } }));
    const options = {
      format: 'json',
      service: ['surveys'],
      level: ['sim'],
      scenario: ['create'],
      runs: '1',
      score: true,
    };
    expect(await world.run(verifyCommand, options)).toBe(0);
    const { services, summary } = JSON.parse(world.out.join('')) as VerifyResult;
    expect(summary).toEqual({ passed: 1, failed: 0, skipped: 0 });
    const { mutants = 0, caught, missed = [] } = services[0]?.score ?? {};
    expect(mutants).toBeGreaterThan(10);
    expect(missed).toEqual([]);
    expect(caught).toBe(mutants);

    expect(textReport({ services, summary })).toContain(`surveys  ${caught} of ${mutants} mistakes caught\n`);
    const score = { mutants: 3, caught: 2, missed: ['no-tombstone'] };
    const [verified] = services.map((service) => ({ ...service, score }));
    expect(textReport({ services: verified === undefined ? [] : [verified], summary })).toContain(
      'surveys  2 of 3 mistakes caught  missed: no-tombstone',
    );
  });
});
