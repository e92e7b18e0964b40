import { afterEach, describe, expect, it } from 'vitest';
import { verifyMixed } from '../../../harness/mixed/verify-mixed.js';
import type { ScenarioResult } from '../../../harness/result.js';
import { contracts, type Form, revisionsOf, status, uuid } from './desk.js';

const before: Form = {
  required: ['id', 'name', 'status'],
  properties: { id: uuid, name: { type: 'string' }, status: status('active', 'left') },
};

const form = (required: readonly string[], properties: Form['properties']): Form => ({ required, properties });

let remove = (): void => {};
afterEach(() => remove());

async function verified(after: Form, from = before, runs = 3): Promise<readonly ScenarioResult[]> {
  const revisions = await revisionsOf(contracts(from), contracts(after));
  remove = revisions.remove;
  const results = await verifyMixed(revisions, { seed: 1, runs });
  expect(results.map(({ service, level }) => [service, level])).toEqual([['surveys', 'sim']]);
  return results.flatMap(({ scenarios }) => scenarios);
}

/** `passed`, `failed` or `skipped`, by order. */
function statuses(results: readonly ScenarioResult[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    results.map(({ scenario, status, targets = [] }) => [
      `${scenario}: ${targets[0]?.name.replace('Employee: ', '')}`,
      status,
    ]),
  );
}

const newWriter = 'mixed-versions: new people beside old surveys';
const newReader = 'mixed-versions: old people beside new surveys';
const readerBack = 'rollback-order: surveys is rolled back while messages of new people lie in its queue';
const writerBack = 'rollback-order: people is rolled back, then surveys';
const waiting = 'rollback-order: all are rolled back while messages of new people wait in the store of surveys';
const deadLetters =
  'rollback-order: all are rolled back, then the dead letters are put back that new people left surveys';
const stored = 'old-version-message: surveys is deployed while messages of old people lie in its queue';

describe('two revisions on one broker', { timeout: 60_000 }, () => {
  it('says of an edge that is as it was that both speak the same', async () => {
    const results = await verified({ ...before, properties: { ...before.properties } });
    expect(results.map(({ status: one, reason }) => [one, reason])).toEqual(
      Array.from({ length: 7 }, () => ['skipped', 'both revisions speak the same']),
    );
  });

  it('holds in every order when an optional field is added', async () => {
    const results = await verified(form(before.required, { ...before.properties, nick: { type: 'string' } }));
    expect(statuses(results)).toEqual({
      [newWriter]: 'passed',
      [newReader]: 'passed',
      [readerBack]: 'passed',
      [writerBack]: 'passed',
      [waiting]: 'skipped',
      [deadLetters]: 'passed',
      [stored]: 'passed',
    });
    expect(results.filter(({ messages = 0 }) => messages === 0).map(({ reason }) => reason)).toEqual([
      'its messages wait for nothing',
    ]);
  });

  it('asks for the reader first when a value is added', async () => {
    const results = await verified(
      form(before.required, { ...before.properties, status: status('active', 'left', 'paused') }),
    );
    expect(statuses(results)).toEqual({
      [newWriter]: 'failed',
      [newReader]: 'passed',
      [readerBack]: 'failed',
      [writerBack]: 'passed',
      [waiting]: 'skipped',
      [deadLetters]: 'failed',
      [stored]: 'passed',
    });
    const failure = results.find(({ status: one }) => one === 'failed')?.failure;
    expect(failure?.invariant).toBe('versions-understand-each-other');
    expect(failure?.sentence).toBe(
      'The old surveys refuses "status" of EmployeeChanged as the new people tells it: must be equal to one of the allowed values ("active", "left"). Safe order: deploy surveys before people, roll back people before surveys.',
    );
    expect(failure?.actual).toBe('paused');
    expect(failure?.contract).toBe('contracts/desk/feature.yaml:6:66');
    expect(failure?.timeline.some(({ broken }) => broken)).toBe(true);
  });

  it('looks for what only one revision says, however rare', async () => {
    const usual = Array.from({ length: 25 }, (_, index) => `s${index}`);
    const among = (...values: readonly string[]): Form =>
      form(before.required, { ...before.properties, status: status(...values) });
    const results = await verified(among(...usual, 'paused'), among(...usual), 1);
    expect(statuses(results)[newWriter]).toBe('failed');
    expect(results[0]?.failure?.actual).toBe('paused');
  });

  it('asks for the writer first when a field becomes required', async () => {
    const results = await verified(
      form([...before.required, 'team'], { ...before.properties, team: { type: 'string' } }),
    );
    expect(statuses(results)).toEqual({
      [newWriter]: 'passed',
      [newReader]: 'failed',
      [readerBack]: 'passed',
      [writerBack]: 'failed',
      [waiting]: 'skipped',
      [deadLetters]: 'passed',
      [stored]: 'failed',
    });
    const failure = results.find(({ status: one }) => one === 'failed')?.failure;
    expect(failure?.sentence).toBe(
      'The new surveys refuses "team" of EmployeeChanged as the old people tells it: must have required property \'team\'. Safe order: deploy people before surveys, roll back surveys before people.',
    );
  });

  it('finds no safe order when a field is renamed', async () => {
    const { name: _, ...others } = before.properties;
    const results = await verified(form(['id', 'fullName', 'status'], { ...others, fullName: { type: 'string' } }));
    expect(new Set(Object.values(statuses(results)))).toEqual(new Set(['failed', 'skipped']));
    expect(results[0]?.failure?.sentence).toContain('No order is safe');
  });

  it('asks to empty what is stored before a rollback, whose order does not help', async () => {
    const team = { ...before, properties: { ...before.properties, teamId: uuid }, team: 'teamId' };
    const properties = { ...team.properties, status: status('active', 'left', 'paused') };
    const results = await verified({ ...team, properties }, team, 1);
    const about = results.filter(({ targets = [] }) => targets[0]?.id.startsWith('copy:Employee/'));
    expect(statuses(about)).toMatchObject({ [writerBack]: 'passed', [waiting]: 'failed', [deadLetters]: 'failed' });
    const stories = about.filter(({ targets = [] }) => /(waiting|dead-letters)$/.test(targets[0]?.id ?? ''));
    expect(stories.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /as the new people tells it: .*Before a rollback, let what waits in surveys come to its end\.$/,
      ),
      expect.stringMatching(
        /as the new people tells it: .*Before a rollback, replay or drop the dead letters of surveys\.$/,
      ),
    ]);
    // One that waits; one that the store refuses and that is put back before the next.
    expect(stories.map(({ failure }) => failure?.shrunk.to)).toEqual([
      { steps: 1, faults: 0 },
      { steps: 2, faults: 2 },
    ]);
  });
});
