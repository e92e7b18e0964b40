import { describe, expect, it } from 'vitest';
import { contains } from '../../../generator/schema/contains.js';

describe('contains, about texts', () => {
  it.each([
    [{ pattern: '^\\d{4}-' }, { format: 'date' }, 'compatible'],
    [{ format: 'date' }, { pattern: '^2024-01-[12]\\d$' }, 'compatible'],
    [{ format: 'date' }, { pattern: '^2024-01-\\d\\d$' }, 'incompatible'],
    [{ format: 'hostname' }, { format: 'ipv4' }, 'compatible'],
    [{ format: 'ipv4' }, { format: 'hostname' }, 'incompatible'],
    [{ maxLength: 45 }, { format: 'uuid' }, 'compatible'],
    [{ maxLength: 36 }, { format: 'uuid' }, 'incompatible'],
    [{ not: { format: 'date' } }, { pattern: '^[a-z]*$' }, 'compatible'],
    [{ pattern: '^[^@]+@[^@]+$' }, { pattern: '^\\w+@\\w+\\.com$' }, 'compatible'],
    // What validators would take for ever over is not asked of them.
    [{ pattern: '^(?:a|a)*b$' }, { pattern: '^a{45}$' }, 'unknown'],
    [{ pattern: '^(?:a|a)*b$' }, { minLength: 45 }, 'incompatible'],
  ])('%j of %j: %s', (reader, writer, verdict) => {
    const [to, from] = [reader, writer].map((each) => ({ schema: { type: 'string', ...each } }));
    if (to && from) expect(contains(to, from).verdict).toBe(verdict);
  });

  it('gives up on a schema that refers to itself about the same value, instead of filling the stack for every value', () => {
    const schema = (type: string) => ({
      type: 'object',
      properties: { a: { type } },
      required: ['a'],
      dependentSchemas: { a: { $ref: '#' } },
    });
    expect(contains({ schema: schema('integer') }, { schema: schema('number') }).verdict).not.toBe('compatible');
  });
});
