import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../generator/check/registry.js';
import { commands } from '../../generator/cli/registry.js';
import { compatRules } from '../../generator/compat/registry.js';
import { emitters } from '../../generator/emit/registry.js';
import { reporters } from '../../generator/report/registry.js';
import { faults } from '../../harness/faults/registry.js';
import { invariants } from '../../harness/invariants/registry.js';
import { scenarios } from '../../harness/scenarios/registry.js';
import { ROOT } from './module.js';
import { type Shelf, shelfBreaches } from './shelf.js';

const shelves: readonly Shelf[] = [
  { name: 'check rules', files: filesIn('generator/check/rules'), members: rules.map((rule) => rule.id) },
  {
    name: 'rules about changes',
    files: filesIn('generator/compat/rules'),
    members: compatRules.map((rule) => rule.id),
  },
  {
    name: 'outputs',
    files: filesIn('generator/emit/outputs'),
    members: emitters.map((emitter) => emitter.name),
    // Types come first and are no emitters: pipeline.ts loads the heavy libraries behind them by name.
    parts: ['messages', 'http-types'],
  },
  {
    name: 'reports',
    files: filesIn('generator/report'),
    members: Object.keys(reporters),
    parts: ['registry', 'reporter'],
  },
  {
    name: 'scenarios',
    files: filesIn('harness/scenarios'),
    members: scenarios.map(({ id }) => id),
    parts: [
      'calls-out',
      'compose',
      'edges',
      'http-scenario',
      'http-story',
      'left-out',
      'operations-in',
      'request-plan',
      'registry',
      'scenario',
      'story',
      'trouble',
    ],
  },
  {
    name: 'faults',
    files: filesIn('harness/faults'),
    members: faults.map(({ id }) => id),
    parts: ['at-calls', 'fault', 'fields', 'registry', 'rewrite'],
  },
  {
    name: 'promises',
    files: filesIn('harness/invariants'),
    members: invariants.map(({ id }) => id),
    parts: [
      'expected-calls',
      'invariant',
      'messages',
      'owned-payload',
      'places',
      'reference-breaker',
      'registry',
      'tells',
      'told',
      'tries',
      'unpublished',
    ],
  },
  { name: 'commands', files: filesIn('generator/cli/commands'), members: commands.map((command) => command.name) },
];

describe('every member of a shelf is registered once, under the name of its file', () => {
  it.each(shelves.map((shelf) => [shelf.name, shelf] as const))('%s', (_, shelf) => {
    expect(shelf.members.length).toBeGreaterThan(2);
    expect(shelfBreaches(shelf)).toEqual([]);
  });

  it('catches a forgotten file, a line too many, a misnamed member and a stale exception', () => {
    const breaches = shelfBreaches({
      name: 'sample',
      files: ['forgotten', 'right'],
      members: ['right', 'right', 'misnamed'],
      parts: ['gone'],
    });
    expect(breaches).toEqual([
      'sample: "forgotten" is not registered',
      'sample: "right" is listed twice',
      'sample: "misnamed" has no file of its name',
      'sample: part "gone" is gone; strike it from the list',
    ]);
  });
});

describe('what a registry promises to people', () => {
  it('rules say what must hold, why and what to do, in sentences', () => {
    for (const rule of rules) {
      expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [rule.title, rule.why, rule.fix])
        expect(text, rule.id).toMatch(/^\S.{10,}[\p{L}\p{N})"`]\.?$/su);
    }
  });

  it('rules have a case that fails and one that is clean', () => {
    const cases = (id: string): readonly string[] => ['fails', 'clean'].map((name) => `test/cases/check/${id}/${name}`);
    expect(rules.flatMap((rule) => cases(rule.id)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('rules about changes have two revisions to judge, and their line in the reference', () => {
    const page = readFileSync(join(ROOT, 'docs/breaking-rules.md'), 'utf8');
    const cases = compatRules.flatMap(({ id }) =>
      ['before', 'after', 'expected.json'].map((name) => `test/cases/compat/${id}/${name}`),
    );
    expect(cases.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const lines = compatRules.flatMap(({ id, title }) => [`\n| [${id}](#${id}) | ${title} |`, `\n## ${id}\n`]);
    expect(lines.filter((line) => !page.includes(line))).toEqual([]);
  });

  it('every command, format and output has its line in the reference', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/command-line.md'), 'utf8');
    const asked = [
      ...commands.map(({ name }) => `\n## ${name}\n`),
      ...commands.flatMap(({ options }) => options.map(([flags]) => `\n| \`${flags}\` |`)),
      ...Object.keys(reporters).map((format) => `\n| \`${format}\` |`),
      ...emitters.map(({ name }) => `\n| \`${name}\` |`),
    ];
    expect(asked.filter((line) => !page.includes(line))).toEqual([]);
  });

  it('commands load and answer to every format that they offer', async () => {
    for (const command of commands) {
      expect(typeof (await command.load())).toBe('function');
      expect(command.formats.filter((format) => !Object.hasOwn(reporters, format))).toEqual([]);
    }
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.slice(0, -'.ts'.length));
}
