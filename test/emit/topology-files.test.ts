import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../generator/emit/names.js';
import { generateFiles } from '../../generator/pipeline.js';

const folder = join(import.meta.dirname, '../cases/emit/06-bindings');
const topology = join(folder, 'expected/output/topology');
const read = (name: string): string => readFileSync(join(topology, name), 'utf8');

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Terraform {
  readonly resource: Blocks;
  readonly data?: Blocks;
  readonly variable?: Readonly<Record<string, unknown>>;
}

describe.each(['aws.tf.json', 'google.tf.json'])('%s', (name) => {
  const text = read(name);
  const file = JSON.parse(text) as Terraform;

  it('refers only to what it declares', () => {
    const declared = [
      ...Object.entries(file.resource).flatMap(([type, all]) => Object.keys(all).map((one) => `${type}.${one}`)),
      ...Object.entries(file.data ?? {}).flatMap(([type, all]) => Object.keys(all).map((one) => `data.${type}.${one}`)),
      ...Object.keys(file.variable ?? {}).map((one) => `var.${one}`),
    ];
    const references = [...text.matchAll(/\$\{(?:jsonencode\()?([^}]*)\}/g)].flatMap(([, expression = '']) => [
      ...expression.matchAll(/\b(?:data\.[a-z_]+\.\w+|(?:aws|google)_[a-z_]+\.\w+|var\.\w+)/g),
    ]);
    expect(references.length).toBeGreaterThan(10);
    expect(references.map(([path]) => path).filter((path) => !declared.includes(path))).toEqual([]);
  });

  it('gives no two things of one type the same name', () => {
    for (const [type, all] of Object.entries(file.resource)) {
      const names = Object.values(all).flatMap((body) => (body as { readonly name?: string }).name ?? []);
      expect(new Set(names).size, type).toBe(names.length);
    }
  });
});

describe('scripts for Kafka', () => {
  it.each(['kafka.topics.sh', 'kafka.acls.sh'])('%s runs in a POSIX shell and calls the tool once per line', (name) => {
    const script = read(name);
    const calls = script.match(/^(create|allow) --/gm) ?? [];
    const tool = name === 'kafka.topics.sh' ? 'kafka-topics.sh' : 'kafka-acls.sh';
    const shown = execFileSync('sh', ['-c', script.replaceAll(tool, 'echo')], {
      env: { ...process.env, KAFKA_BOOTSTRAP: 'b:1' },
      encoding: 'utf8',
    });
    expect(shown.trimEnd().split('\n')).toHaveLength(calls.length);
    expect(shown).toContain('--bootstrap-server b:1 --');
  });

  it('hold any text as one word', () => {
    for (const text of ['plain', "it's", '$(touch x)', '`id`', 'a b\nc', '', '"; rm -rf /', '\\', '-x', '*'])
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});

it('writes files for the kind of the broker when nothing else is asked for', async () => {
  const dir = join(import.meta.dirname, '../cases/emit/01-sequence');
  const { files = [] } = await generateFiles(dir, { cwd: dir, env: {}, today: '2026-01-01' });
  expect(files.flatMap(({ path }) => (path.startsWith('topology/') ? [path] : []))).toEqual(['topology/topology.json']);
  const asked = await generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' });
  expect(asked.files?.filter(({ path }) => path.startsWith('topology/'))).toHaveLength(11);
});
