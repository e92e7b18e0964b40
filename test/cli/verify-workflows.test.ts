import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../generator/cli/registry.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
}

const workflows = readdirSync(folder).map(
  (name) => [name, readWorkflow(readFileSync(join(folder, name), 'utf8'))] as const,
);

function readWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** Mistakes in the steps that use an action by its path. */
function pathProblems({ on, jobs }: Workflow): readonly string[] {
  const isCalled = typeof on === 'object' && on !== null && 'workflow_call' in on;
  return Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap((step, index) => {
      if (step.uses?.startsWith('./') !== true) return [];
      const own = ownFolders(steps.slice(0, index)).find((path) => step.uses?.startsWith(`./${path}/`));
      if (isCalled && own === undefined) return [`${step.uses} is a path of the repository that calls`];
      const path = step.uses.slice(own === undefined ? 2 : `./${own}/`.length);
      const file = join(root, path, 'action.yml');
      if (!existsSync(file)) return [`there is no action ${path}`];
      const { inputs } = parse(readFileSync(file, 'utf8')) as Action;
      return Object.keys(step.with ?? {})
        .filter((name) => !Object.hasOwn(inputs, name))
        .map((name) => `${path} has no input ${name}`);
    }),
  );
}

/** Where steps put the repository that the workflow itself comes from, at the commit that it comes from. */
function ownFolders(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ uses, with: { repository, ref, path } = {} }) =>
    uses?.startsWith('actions/checkout@') === true &&
    /^\$\{\{ job\.workflow_repository \}\}$/.test(String(repository)) &&
    /^\$\{\{ job\.workflow_sha \}\}$/.test(String(ref)) &&
    typeof path === 'string'
      ? [path]
      : [],
  );
}

describe('the workflows of this repository', () => {
  it.each(workflows)('%s uses actions that are there, with inputs that they have', (_, workflow) => {
    expect(Object.values(workflow.jobs).every(({ steps }) => steps.length > 0)).toBe(true);
    expect(pathProblems(workflow)).toEqual([]);
  });

  it('the one for other repositories runs what the command line has, and splices no input into a script', () => {
    const [, called] = workflows.find(([name]) => name === 'contracts.yml') ?? [];
    const runs = Object.values(called?.jobs ?? {}).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    const calls = runs.flatMap((run) => [...run.matchAll(/^\$COMMAND (\S+)(.*)$/gm)]);
    expect(calls.map(([, name]) => name)).toEqual(['check', 'generate', 'verify']);
    for (const [, name, rest = ''] of calls) {
      const options = commands.find((command) => command.name === name)?.options ?? [];
      const known = ['--format', ...options.map(([flags]) => flags.split(' ')[0])];
      expect((rest.match(/--[a-z-]+/g) ?? []).filter((option) => !known.includes(option))).toEqual([]);
    }
    expect(runs.filter((run) => /\$\{\{/.test(run))).toEqual([]);
  });

  it.each([
    ['a path of the caller', 'on: { workflow_call: {} }', './.github/actions/breaking', 'repository that calls'],
    ['an action that is not there', 'on: push', './.github/actions/broken', 'there is no action'],
  ])('%s would be found', (_, on, uses, problem) => {
    const workflow = readWorkflow(`${on}\njobs: { a: { steps: [{ uses: ${uses} }] } }`);
    expect(pathProblems(workflow).join()).toContain(problem);
  });
});
