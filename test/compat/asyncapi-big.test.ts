import { describe, expect, it } from 'vitest';
import { bigAsyncApi, plantedAsyncApi } from './big-asyncapi.js';
import { compareDocuments } from './compare-documents.js';

const before = bigAsyncApi(300);
const planted = plantedAsyncApi();
const after = structuredClone(before);
for (const { change, path } of planted) change(after, path);

describe('300 channels and 20 changes', async () => {
  const judgements = await compareDocuments('shop.asyncapi.json', before, after);
  const breaks = judgements.filter(({ verdict }) => verdict === 'breaking' || verdict === 'unknown');

  it.each(planted.filter(({ rule }) => rule !== undefined))('finds $rule of $subject', ({ rule, subject }) => {
    const mine = breaks.filter((judgement) => judgement.subject === subject);
    expect(mine.map((judgement) => judgement.rule)).toEqual([rule]);
  });

  it.each(planted.filter(({ rule }) => rule === undefined))('raises no alarm about $subject', ({ path }) => {
    expect(breaks.filter(({ subject }) => new RegExp(`\\D${path}\\b`).test(subject))).toEqual([]);
  });

  it('speaks of nothing else', () => {
    const touched = new Set(planted.map(({ path }) => String(path)));
    expect(judgements.filter(({ subject }) => !touched.has(/\d+/.exec(subject)?.[0] ?? ''))).toEqual([]);
  });
});

it('is silent on a document and itself', async () => {
  expect(await compareDocuments('shop.asyncapi.json', before, before)).toEqual([]);
});
