import { describe, expect, it } from 'vitest';
import { normalise } from '../../generator/schema/normalise.js';
import { compiledTogether, standaloneValidator } from '../../generator/schema/standalone.js';

const defs = {
  Money: {
    type: 'object',
    description: 'require("fs")',
    required: ['amount'],
    properties: { amount: { type: 'integer' }, next: { $ref: '#/$defs/Money' } },
  },
  Shut: { type: 'object', properties: { inner: { $ref: '#/$defs/Money' } } },
};

function graphOf(schema: object) {
  return normalise(new Map([['/f', { ...schema, $defs: defs }]]), [
    { key: 'root', name: 'Root', ref: { file: '/f', pointer: '' }, dialect: '2020-12' },
  ]);
}

describe('standaloneValidator', () => {
  it('calls the validators of shared schemas instead of holding them', () => {
    const graph = graphOf({
      properties: { a: { $ref: '#/$defs/Money' }, b: { $ref: '#/$defs/Money' }, self: { $ref: '#' } },
    });
    const apart = standaloneValidator(graph, 'Root', () => true);
    expect(apart.calls).toEqual([{ local: 'validate0', id: 'Money' }]);
    expect(apart.code).not.toContain('amount');
    const together = standaloneValidator(graph, 'Root', () => false);
    expect(together.calls).toEqual([]);
    expect(together.code.match(/"amount"/g)?.length).toBe(1);
  });

  it('looks inside shared schemas where unevaluated properties depend on them', () => {
    const graph = graphOf({ allOf: [{ $ref: '#/$defs/Shut' }], unevaluatedProperties: false });
    const { within, external } = compiledTogether(graph, 'Root', () => true);
    expect(within).toEqual(expect.arrayContaining(['Root', 'Shut', 'Money']));
    expect(external).toEqual([]);
    expect(standaloneValidator(graph, 'Root', () => true).calls).toEqual([]);
  });

  it('is the same text every time and asks only the runtime for help', () => {
    const schema = {
      properties: {
        at: { type: 'string', format: 'date-time', minLength: 3 },
        o: { const: { a: 1 } },
        l: { uniqueItems: true, items: { type: 'object' } },
      },
    };
    const first = standaloneValidator(graphOf(schema), 'Root', () => true);
    expect(standaloneValidator(graphOf(schema), 'Root', () => true)).toEqual(first);
    expect(first.runtime).toEqual(['equal', 'formats', 'ucs2length']);
    expect(first.code).not.toMatch(/require\(|\bexport\b|\bimport\b|"use strict"/);
  });

  it('leaves contract text that looks like code where it is: in strings', () => {
    const line = '\nconst x = require("child_process").exec;\nexport default 1;\n';
    const graph = graphOf({
      properties: { [line]: { enum: [line, '\u2028*/`$\u007b1}`'] }, b: { pattern: '\\nconst y = require\\("a"\\);' } },
      description: line,
    });
    const { code } = standaloneValidator(graph, 'Root', () => true);
    for (const each of code.split('\n')) expect(each).not.toMatch(/^(const \w+ = require|export)/);
    expect(code).not.toContain('\u2028');
    expect(() => new Function(code)).not.toThrow();
  });
});
