import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseJson } from '../../generator/load/json.js';
import type { Entries, Parsed } from '../../generator/load/layout.js';
import { filesBelow } from '../../generator/load/walk.js';
import { type ParseResult, parseWithLibrary, parseYaml } from '../../generator/load/yaml.js';
import { parsePlainYaml } from '../../generator/load/yaml-plain.js';

const ROOT = join(import.meta.dirname, '../..');
const contracts = ['contracts', 'test/cases/load', 'test/load/examples']
  .flatMap((folder) => filesBelow(join(ROOT, folder)))
  .filter((path) => path.endsWith('.yaml'));

/** Values with the offset of every one of them, so that positions are compared as well. */
function withOffsets({ value, start, entriesOf }: Parsed): unknown {
  const visit = (node: unknown, offset: number): unknown => {
    const entries: Entries | undefined = typeof node === 'object' && node !== null ? entriesOf(node) : undefined;
    // Where nothing is written, any place near it will do.
    if (node === null) return null;
    if (entries === undefined) return [offset, node];
    if (Array.isArray(node)) return [offset, node.map((item, index) => visit(item, entries.starts[index] ?? -1))];
    const mapping = node as Record<string, unknown>;
    return [
      offset,
      entries.keys?.map((key, at) => [key, entries.keyStarts?.[at], visit(mapping[key], entries.starts[at] ?? -1)]),
    ];
  };
  return visit(value, start);
}

function parsed(result: ParseResult): Parsed | undefined {
  return 'parsed' in result ? result.parsed : undefined;
}

/** The fast reader may give up, but must never answer anything but what the library answers. */
function expectSame(text: string): 'read' | 'gave up' {
  let parts = 0;
  const plain = parsePlainYaml(text, new WeakMap(), () => {
    parts += 1;
    throw new Error('part');
  });
  if (plain === undefined || parts > 0) return 'gave up';
  const library = parsed(parseWithLibrary(text));
  expect(library, `the library refuses ${JSON.stringify(text)}`).toBeDefined();
  if (library !== undefined) expect(withOffsets(plain), JSON.stringify(text)).toEqual(withOffsets(library));
  return 'read';
}

function expectSameWithParts(text: string): void {
  const [fast, library] = [parsed(parseYaml(text)), parsed(parseWithLibrary(text))];
  expect(fast === undefined, JSON.stringify(text)).toBe(library === undefined);
  if (fast && library) expect(withOffsets(fast), JSON.stringify(text)).toEqual(withOffsets(library));
}

/** What the library makes of its own text; undefined when it refuses it. */
function readByLibrary(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' }) as unknown;
  } catch {
    return undefined;
  }
}

describe('YAML', () => {
  it.each(contracts.map((path) => path.slice(ROOT.length + 1)))('reads %s as the library does', (path) => {
    expectSameWithParts(readFileSync(join(ROOT, path), 'utf8'));
  });

  it('reads back whatever was written', () => {
    const options = fc.record({
      indent: fc.integer({ min: 1, max: 4 }),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 80),
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_DOUBLE' as const,
        'QUOTE_SINGLE' as const,
        'BLOCK_LITERAL' as const,
      ),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }).map(withoutMinusZero), options, (value, style) => {
        const text = stringify(value, style);
        expectSameWithParts(text);
        // The library writes some things that it cannot read itself, such as an empty list under a blank key: nobody is held to those.
        if (isDeepStrictEqual(readByLibrary(text), value))
          expect(parsed(parseYaml(text))?.value ?? null).toEqual(value);
      }),
      { numRuns: 800 },
    );
  });

  it('never disagrees with the library about text of any shape', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b: ',
        'c:',
        '- ',
        '-',
        '  ',
        '    ',
        ' ',
        '\n',
        '\n',
        '\n  ',
        '\n    ',
        '"x"',
        "'y'",
        '"',
        "'",
        '#',
        ' # c',
        '{',
        '}',
        '[',
        ']',
        ', ',
        ': ',
        ':',
      ],
      ...[
        '1',
        '1.0',
        '-2',
        '0x1',
        'null',
        '~',
        'true',
        '|',
        '>-',
        '|2',
        '\n\n',
        '&k ',
        '*k',
        '!t ',
        '<<: ',
        '---\n',
        '\r\n',
        '$ref',
        '/p/{id}',
        '2024-01-01',
        '.5',
        '? ',
        '%',
        '@',
        '\\n',
        'é',
        '\t',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        expectSameWithParts(pieces.join(''));
      }),
      { numRuns: 4000 },
    );
  });

  it('reads ordinary contracts without the library', () => {
    const text = readFileSync(join(ROOT, 'test/load/examples/dhanman-payment.yaml'), 'utf8');
    expect(expectSame(text.replaceAll(/[[{].*[\]}]/g, '{ a: [b, "c"] }'))).toBe('read');
  });

  it('reads 100,000 keys in one mapping in linear time', () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}": { $ref: '#/x' }`);
    const started = performance.now();
    expect(Object.keys(parsed(parseYaml(`{ ${keys.join(',\n')} }`))?.value as object)).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe('JSON', () => {
  it('reads the values of JSON.parse with the positions of the YAML library', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const json = parsed(parseJson(text));
        expect(json?.value).toEqual(JSON.parse(text));
        const library = parsed(parseWithLibrary(text));
        if (json && library && !/\\u[dD]/.test(text)) expect(withOffsets(json)).toEqual(withOffsets(library));
      }),
      { numRuns: 800 },
    );
  });

  it('refuses exactly what JSON.parse refuses, duplicate keys apart', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"'.split(''),
      '"a"',
      '"b"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
      '\\"',
      '\u0001',
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join('');
        const result = parseJson(text);
        if ('problems' in result && result.problems[0]?.related) return;
        if (text.trim() === '') return;
        expect('parsed' in result, JSON.stringify(text)).toBe(isJson(text));
      }),
      { numRuns: 4000 },
    );
  });
});

/** JSON text has no -0. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it.each([
  ['brackets', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['indentation', Array.from({ length: 4_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
])('says once that values are nested too deep: %s', (_, text) => {
  expect(parseWithLibrary(text)).toMatchObject({
    problems: [{ message: 'values are nested deeper than 200 levels.' }],
  });
  expect(parseYaml(text)).toMatchObject({ problems: [{ fix: 'name inner parts and use $ref.' }] });
});

it('reads deep flow collections again and again without coming near the end of the stack', () => {
  const depth = 1_000;
  const text = `a:\n  b: ${'{ type: object, properties: { a: '.repeat(depth)}x${' } }'.repeat(depth)}\n`;
  // Told where the reader gave up, at the same place each time: the stack had no say in it.
  for (const read of [parseYaml, parseWithLibrary, parseYaml, parseWithLibrary])
    expect(read(text)).toMatchObject({ problems: [{ offset: text.indexOf('{') + 200 * 33 }] });
});

it('does not take many brackets for deep ones', () => {
  const lines = Array.from({ length: 600 }, (_, index) => `k${index}: "[{("`);
  expect(parseWithLibrary(`${lines.join('\n')}\n`)).toHaveProperty('parsed');
  const patterns = Array.from({ length: 600 }, (_, index) => `- '^[{${index}'`);
  expect(parseWithLibrary(`${patterns.join('\n')}\n`)).toHaveProperty('parsed');
  const texts = Array.from({ length: 600 }, (_, index) => `k${index}: |\n  one [ of many {`);
  expect(parseWithLibrary(`${texts.join('\n')}\n`)).toHaveProperty('parsed');
});
