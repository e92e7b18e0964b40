import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadWorkspace } from '../../generator/load/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'seamwright-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SCHEMAS = 125_000;
const LINES_EACH = 8;

function document(): string {
  const lines = [
    'asyncapi: 3.0.0',
    'info: { title: Large, version: 1.0.0 }',
    'channels: {}',
    'components:',
    '  schemas:',
  ];
  for (let index = 0; index < SCHEMAS; index++) {
    lines.push(
      `    Entity${index}:`,
      '      type: object',
      `      description: "One of very many schemas of a document that somebody generated, number ${index}, with a text of some length"`,
      '      required: [id, name]',
      '      properties:',
      '        id: { type: string, format: uuid, description: "Identity of the entity, never reused and never changed" }',
      '        name: { type: string, minLength: 1, maxLength: 200, description: "Name as people know it" }',
      `        parent: { $ref: '#/components/schemas/Entity${index >> 1}' }`,
    );
  }
  return lines.join('\n');
}

it.each(['yaml', 'json'])('reads 50 MB of %s, every value with its position', async (extension) => {
  const dir = join(folder, extension);
  mkdirSync(dir);
  const yaml = document();
  const text = extension === 'yaml' ? yaml : json();
  expect(text.length).toBeGreaterThan(50_000_000);
  writeFileSync(join(dir, `large.${extension}`), text);
  const { workspace, findings, pendingFindings } = await loadWorkspace('.', { cwd: dir, project: dir });
  expect(findings).toEqual([]);
  expect((await pendingFindings).map((finding) => finding.rule)).toEqual(['asyncapi-not-judged']);
  const [large] = workspace?.asyncapi ?? [];
  expect(large?.schemas).toHaveLength(SCHEMAS);
  if (extension === 'yaml') expect(large?.schemas.at(-1)?.at.line).toBe(6 + (SCHEMAS - 1) * LINES_EACH);
});

function json(): string {
  const schema = (index: number) => ({
    type: 'object',
    description: `One of very many schemas of a document that somebody generated, number ${index}`,
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', format: 'uuid', description: 'Identity of the entity, never reused and never changed' },
      name: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'Name as people know it, in any language they like',
      },
      parent: { $ref: `#/components/schemas/Entity${index >> 1}` },
    },
  });
  const schemas = Object.fromEntries(Array.from({ length: SCHEMAS }, (_, index) => [`Entity${index}`, schema(index)]));
  return JSON.stringify({
    asyncapi: '3.0.0',
    info: { title: 'Large', version: '1.0.0' },
    channels: {},
    components: { schemas },
  });
}
