import { describe, expect, it } from 'vitest';
import { compileNode } from '../../generator/schema/ajv.js';
import { normalise } from '../../generator/schema/normalise.js';
import { type BigOpenApi, bigOpenApi, changed, plantedOpenApi } from './big-openapi.js';
import { compareDocuments } from './compare-documents.js';

const before = bigOpenApi(300);
const planted = plantedOpenApi();
const after = changed(before, planted);
const schemaRules = [
  'enum-value-added',
  'enum-value-removed',
  'length-narrowed',
  'nullable-added',
  'pattern-narrowed',
  'property-removed',
  'range-widened',
  'required-added',
  'required-removed',
  'type-changed',
];

/** Ajv's opinion of a component, in the document as it is. */
function errors(document: BigOpenApi, name: string, value: unknown): readonly unknown[] {
  const file = '/api.json';
  const ref = { file, pointer: `/components/schemas/${name}` };
  const graph = normalise(new Map([[file, document]]), [{ key: 'it', name, ref, dialect: 'openapi-3.0' }]);
  return compileNode(graph, graph.roots.get('it') ?? '')(value);
}

describe('300 paths with 600 operations and 20 changes', async () => {
  const judgements = await compareDocuments('api.openapi.json', before, after);
  const breaks = judgements.filter(({ verdict }) => verdict !== 'safe');

  it.each(planted.filter(({ rule }) => rule !== undefined))('finds $rule of $subject', ({ rule, subject }) => {
    const mine = breaks.filter((judgement) => judgement.subject === subject);
    expect(mine.map((judgement) => [judgement.rule, judgement.verdict]).slice(0, 1)).toEqual([[rule, 'breaking']]);
  });

  it('raises no false alarm', () => {
    const asked = planted.flatMap(({ rule, subject }) => (rule === undefined ? [] : [`${rule} ${subject}`]));
    // The path that is gone had two operations.
    const twin = `operation-removed operation:api.updateItem${planted[1]?.path}`;
    expect(breaks.map(({ rule, subject }) => `${rule} ${subject}`).sort()).toEqual([...asked, twin].sort());
  });

  it('shows a body that one side may send and the other refuses', () => {
    const shown = breaks.flatMap(({ counterexample, rule, subject }) =>
      counterexample === undefined ? [] : [{ ...counterexample, rule, subject }],
    );
    expect(shown.map(({ rule }) => rule).sort()).toEqual(schemaRules);
    for (const { subject, value, writtenBy } of shown) {
      const name = `${subject.includes('response') ? '' : 'New'}Item${/Item(\d+)/.exec(subject)?.[1]}`;
      const [writer, reader] = writtenBy === 'new' ? [after, before] : [before, after];
      expect(errors(writer, name, value), subject).toEqual([]);
      expect(errors(reader, name, value), subject).not.toEqual([]);
    }
  });

  it('is silent on a document and itself', async () => {
    expect(await compareDocuments('api.openapi.json', before, before)).toEqual([]);
  });
});
