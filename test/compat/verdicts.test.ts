import { describe, expect, it } from 'vitest';
import { type Files, judgedBetween } from './revisions.js';

const services = 'services: [{ name: maker, version: 2.0.0 }, { name: taker }, { name: other }]\n';

function feature(rest: string): Files {
  return { 'feature.yaml': `name: things\nversion: 1.0.0\n${services}${rest}` };
}

/** Verdict and order of one rule, of the judgements in their order. */
async function verdicts(rule: string, before: Files, after: Files): Promise<readonly string[]> {
  const all = await judgedBetween(before, after);
  return all.filter((each) => each.rule === rule).map(({ verdict, order }) => `${verdict} ${order}`);
}

describe('a dependency range', () => {
  const needs = (range: string, version = '2.0.0'): Files => ({
    'feature.yaml': `name: things\nversion: 1.0.0\n${services.replace('2.0.0', version)}dependencies: { taker: [{ maker: "${range}" }] }\n`,
  });

  it.each([
    ['that leaves the version which is there', '>=1', '>=3', '2.0.0', 'breaking never'],
    ['that asks for the version which comes with it', '>=1', '>=2.1', '2.1.0', 'breaking writer-first'],
    ['that leaves nothing which is there', '>=1', '>=1.5', '2.0.0', 'notice any'],
    ['that cannot be read', '>=1', 'newest', '2.0.0', 'unknown never'],
  ])('%s', async (_, before, after, version, expected) => {
    expect(await verdicts('dependency-range-tightened', needs(before), needs(after, version))).toEqual([expected]);
  });

  it('that only admits more is no tighter', async () => {
    expect(await verdicts('dependency-range-tightened', needs('^2.0.0'), needs('>=2.0.0'))).toEqual([]);
    expect(await verdicts('dependency-range-widened', needs('^2.0.0'), needs('>=2.0.0'))).toEqual(['safe any']);
  });
});

describe('a saga that gets a step', () => {
  const saga = (...steps: readonly string[]): Files =>
    feature(
      `sagas:\n  make:\n    orchestrator: maker\n    steps: [${steps.map((id) => `{ stepId: ${id}, local: ${id} }`).join(', ')}]\n`,
    );

  it('in the middle breaks instances that have passed it, at the end none', async () => {
    expect(await verdicts('saga-step-added', saga('a', 'b'), saga('a', 'x', 'b'))).toEqual(['breaking never']);
    expect(await verdicts('saga-step-added', saga('a', 'b'), saga('a', 'b', 'x'))).toEqual(['notice reader-first']);
  });

  it('does not say that the others changed places', async () => {
    expect(await verdicts('saga-steps-reordered', saga('a', 'b'), saga('x', 'a', 'b'))).toEqual([]);
    expect(await verdicts('saga-steps-reordered', saga('a', 'b', 'c'), saga('c', 'a'))).toEqual(['breaking never']);
  });
});

describe('deletions', () => {
  const entity = (mode: string): Files =>
    feature(`entities: { Thing: { owner: maker, consumers: [taker], delete: ${mode} } }\n`);

  it.each([
    ['soft', 'hard', 'breaking never'],
    ['never', 'hard', 'breaking reader-first'],
    ['hard', 'never', 'notice any'],
  ])('that were %s and are %s', async (before, after, expected) => {
    expect(await verdicts('delete-mode-changed', entity(before), entity(after))).toEqual([expected]);
  });
});

describe('an event', () => {
  const event = (delivery: string): Files =>
    feature(`events: { Made: { publisher: maker, consumers: [taker], delivery: ${delivery} } }\n`);

  it('that promises less breaks, one that promises more does not', async () => {
    const [most, least] = [event('effectively-once'), event('at-most-once')];
    expect(await verdicts('event-delivery-weakened', most, least)).toEqual(['breaking reader-first']);
    expect(await verdicts('event-delivery-weakened', least, most)).toEqual(['notice any']);
  });

  it('that nobody consumed may go', async () => {
    const one = (consumers: string): Files =>
      feature(`events: { Made: { publisher: maker, consumers: ${consumers} } }\n`);
    expect(await verdicts('event-removed', one('[]'), feature(''))).toEqual(['notice any']);
    expect(await verdicts('event-removed', one('[taker]'), feature(''))).toEqual(['breaking reader-first']);
  });
});

describe('what a copy takes', () => {
  it('is not called new where nothing describes what was sent', async () => {
    const copy = (fields: string): Files =>
      feature(`entities: { Thing: { owner: maker, consumers: [{ service: taker, fields: ${fields} }] } }\n`);
    expect(await verdicts('copy-fields-changed', copy('[id]'), copy('[id, name]'))).toEqual(['notice any']);
    expect(await verdicts('copy-fields-changed', copy('[id, name]'), copy('[id]'))).toEqual(['safe any']);
  });
});

describe('security of messages', () => {
  const asks = (security: string): Files =>
    feature(
      `events: { Made: { publisher: maker, consumers: [taker]${security === '' ? '' : `, security: ${security}`} } }\n`,
    );

  it.each([
    ['', '[a]', 'message-security-narrowed', ['breaking writer-first']],
    ['[a, b]', '[b]', 'message-security-narrowed', ['breaking writer-first']],
    ['[a]', '[a, b]', 'message-security-narrowed', []],
    ['[a]', '[a, b]', 'message-security-widened', ['notice reader-first']],
    ['[a]', '', 'message-security-widened', ['notice reader-first']],
    ['[a]', '', 'message-security-narrowed', []],
  ])('from "%s" to "%s": %s', async (before, after, rule, expected) => {
    expect(await verdicts(rule, asks(before), asks(after))).toEqual(expected);
  });
});

describe('defaults written down', () => {
  it('are no change of names', async () => {
    const files = feature('events: { Made: { publisher: maker, consumers: [taker] } }\n');
    const written = { ...files, 'seamwright.yaml': 'naming: { queue: "{service}.events" }\n' };
    expect(await judgedBetween(files, written)).toEqual([]);
  });
});
