import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PactScenarioResult } from '../../../harness/pact/pact-result.js';
import { plainPact } from './plain-pact.js';
import { openZoo, type Zoo } from './zoo.js';

const present = { 'animal exists': () => {}, 'animal is missing': () => {} };
const handlersOfPlainPact = { 'animal exists': 'nothing', 'animal is missing': 'nothing' } as const;
const cat = (id: string) => ({ id, nick: 'Tom' });
const catAt = (path: string) => cat(path.split('/').at(-1) ?? '');

// Five ways in which Pact says yes without having proven anything, and one more that its environment opens.
describe('what Pact passes without proof', () => {
  let zoo: Zoo;
  let current: object | undefined;
  beforeAll(async () => {
    zoo = await openZoo();
  }, 60_000);
  beforeEach(() => {
    zoo.write(only('getAnimal answers 200'));
  });
  afterEach(() => {
    delete process.env.PACT_DESCRIPTION;
    current = undefined;
  });
  afterAll(() => zoo.remove());

  const only = (...descriptions: readonly string[]) => ({
    ...zoo.pact,
    interactions: zoo.pact.interactions.filter(({ description }) => descriptions.includes(description)),
  });
  const plain = (handlers: Parameters<typeof plainPact>[2], body: (path: string) => object = catAt) =>
    plainPact(zoo.write(currentOf()), body, handlers);
  const currentOf = () => current ?? only('getAnimal answers 200');
  const using = (pact: object): void => {
    current = pact;
    zoo.write(pact);
  };
  const http = (results: readonly PactScenarioResult[]) =>
    results.find(({ scenario }) => scenario === 'pact-provider-http');

  it('passes here as well when everything is proven', async () => {
    expect(await plain(handlersOfPlainPact)).toBe('green');
    const result = http(await zoo.verify(cat, present));
    expect(result).toMatchObject({ status: 'passed', interactions: 1, failures: [], reason: '1 interaction held' });
  }, 60_000);

  it('a state that nobody reaches', async () => {
    expect(await plain({})).toBe('green');
    const result = http(await zoo.verify(cat, {}));
    expect(result?.status).toBe('failed');
    expect(result?.failures[0]?.interaction).toBe('visitor -> zoo: getAnimal answers 200');
    expect(result?.failures[0]?.sentence).toMatch(
      /state "animal exists": nobody knows how to reach it .* export states with "animal exists" from verify\.ts/,
    );
  }, 60_000);

  it('a state that throws', async () => {
    expect(await plain({ 'animal exists': 'throw' })).toBe('green');
    const result = http(
      await zoo.verify(cat, {
        'animal exists': () => {
          throw new Error('the cage is locked');
        },
      }),
    );
    expect(result?.failures).toEqual([
      expect.objectContaining({ sentence: 'state "animal exists": the cage is locked' }),
    ]);
  }, 60_000);

  it('a pending interaction', async () => {
    const [interaction] = only('getAnimal answers 200').interactions;
    using({ ...zoo.pact, interactions: [{ ...interaction, pending: true }] });
    const nothing = () => ({});
    expect(await plain(handlersOfPlainPact, nothing)).toBe('green');
    const result = http(await zoo.verify(nothing, present));
    expect(result?.status).toBe('failed');
    expect(result?.failures.map(({ sentence }) => sentence).join()).toMatch(/is pending/);
    // What it would have let fail is told, too.
    expect(result?.failures.map(({ sentence }) => sentence).join()).toMatch(/must have required property 'id'/);
  }, 60_000);

  it('a file without interactions', async () => {
    using({ ...zoo.pact, interactions: [] });
    expect(await plain({})).toBe('green');
    const result = http(await zoo.verify(cat, present));
    expect(result).toMatchObject({ status: 'failed', interactions: 0 });
    expect(result?.failures[0]?.sentence).toBe('the file has no interactions, so it proves nothing');
  }, 60_000);

  it('an optional member of the wrong type', async () => {
    const lame = (id: string) => ({ ...cat(id), legs: 'four' });
    expect(await plain(handlersOfPlainPact, (path) => lame(path.split('/').at(-1) ?? ''))).toBe('green');
    const result = http(await zoo.verify(lame, present));
    expect(result?.failures).toEqual([
      expect.objectContaining({ path: '$.legs', sentence: '$.legs must be integer, as its schema says' }),
    ]);
    // The second interaction of the generated file shows it to every other tool.
    using(only('getAnimal answers 200', 'getAnimal answers 200, with everything optional'));
    const states = { ...handlersOfPlainPact, 'animal exists, with everything optional': 'nothing' } as const;
    expect(await plain(states, (path) => lame(path.split('/').at(-1) ?? ''))).toBe('red');
  }, 60_000);

  it('interactions that are filtered away', async () => {
    process.env.PACT_DESCRIPTION = 'nothing is called so';
    expect(await plain(handlersOfPlainPact)).toBe('green');
    const result = http(await zoo.verify(cat, present));
    expect(result?.failures[0]?.sentence).toMatch(/Pact passed over it/);
  }, 60_000);

  it('files that were never written', async () => {
    zoo.forget();
    const result = http(await zoo.verify(cat, present));
    expect(result?.status).toBe('failed');
    expect(result?.reason).toMatch(/^there are no Pact files in .*; run seamwright generate$/);
  }, 60_000);

  it('a file that nobody can read', async () => {
    zoo.write({ consumer: 'visitor' });
    const result = http(await zoo.verify(cat, present));
    expect(result?.failures[0]?.sentence).toMatch(/visitor-zoo\.json is no Pact file/);
  }, 60_000);
});
