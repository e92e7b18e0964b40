import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadWorkspace } from '../../generator/load/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'seamwright-verdict-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cacheDir = join(folder, 'cache');
const dir = join(folder, 'contracts');
mkdirSync(dir);
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const load = async (validate: 'full' | 'fast') => {
  const { findings, pendingFindings } = await loadWorkspace('contracts', { cwd: folder, cacheDir, validate });
  expect(findings).toEqual([]);
  return (await pendingFindings).filter((finding) => finding.severity === 'error').map((finding) => finding.rule);
};

it('keeps the verdict of the parser until the document or a file it reaches changes', async () => {
  write(
    'asyncapi.yaml',
    "asyncapi: 3.0.0\ninfo: { title: T, version: 1.0.0 }\nchannels: { c: { messages: { m: { payload: { $ref: './m.yaml' } } } } }\n",
  );
  write('m.yaml', 'type: objekt\n');
  expect(await load('fast')).toEqual([]);
  expect(await load('full')).toEqual(['asyncapi-document-resolved']);
  expect(await load('fast')).toEqual(['asyncapi-document-resolved']);
  expect(readdirSync(cacheDir)).toHaveLength(1);
  write('m.yaml', 'type: object\n');
  expect(await load('fast')).toEqual([]);
  expect(await load('full')).toEqual([]);
  expect(readdirSync(cacheDir)).toHaveLength(2);
});

it('judges again when the cache is damaged', async () => {
  write('m.yaml', 'type: objekt\n');
  for (const name of readdirSync(cacheDir)) writeFileSync(join(cacheDir, name), '{');
  expect(await load('fast')).toEqual([]);
  expect(await load('full')).toEqual(['asyncapi-document-resolved']);
});

it('tells the near name that the parser knows as the fix', async () => {
  write('m.yaml', 'type: objekt\n');
  const { pendingFindings } = await loadWorkspace('contracts', { cwd: folder });
  const [finding] = (await pendingFindings).filter(({ severity }) => severity === 'error');
  expect(finding?.fix).toBe('did you mean "object"?');
  expect(finding?.message).toMatch(/"string"\.$/);
});

it('survives recursion through every kind of reference', async () => {
  write(
    'm.yaml',
    "type: object\nproperties: { self: { $ref: '#' }, list: { type: array, items: { $ref: './m.yaml' } }, up: { $ref: './asyncapi.yaml#/channels/c/messages/m/payload' } }\n",
  );
  expect(await load('full')).toEqual([]);
});

it('does not hand the parser a document that references blow up, nor mistakes recursion for that', async () => {
  const schemas = Array.from({ length: 30 }, (_, level) => {
    const below = `{ $ref: '#/components/schemas/l${level - 1}' }`;
    return level === 0 ? '    l0: { type: string }' : `    l${level}: { allOf: [${below}, ${below}] }`;
  });
  const payload = "payload: { $ref: '#/components/schemas/l29' }";
  write(
    'asyncapi.yaml',
    `asyncapi: 3.0.0\ninfo: { title: T, version: 1.0.0 }\nchannels: { c: { messages: { m: { ${payload} } } } }\ncomponents:\n  schemas:\n${schemas.join('\n')}\n`,
  );
  const { pendingFindings } = await loadWorkspace('contracts', { cwd: folder });
  expect((await pendingFindings).map(({ rule, message }) => [rule, message])).toEqual([
    ['asyncapi-not-judged', expect.stringContaining('references written out')],
  ]);
});
