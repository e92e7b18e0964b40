import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ScratchRepository } from './scratch-repository.js';

const ROOT = join(import.meta.dirname, '../..');
const action = join(ROOT, '.github/actions/breaking');

let place: ScratchRepository;

beforeEach(() => {
  place = new ScratchRepository().write({
    // Ends as EXIT says and tells what it was asked.
    'bin/seamwright': '#!/bin/bash\nprintf "%s\\n" "$@" >"$PLACE/asked"\ncat "$PLACE/report"\nexit "$EXIT"\n',
    'bin/gh': `#!/bin/bash
if [ -n "$GH_FAILS" ]; then exit 1; fi
if [[ "$*" == *--paginate* ]]; then cat "$PLACE/earlier"; exit 0; fi
echo "$*" >>"$PLACE/calls"
for arg in "$@"; do case $arg in body=@*) cp "\${arg#body=@}" "$PLACE/body" ;; esac; done
`,
    report: '<!-- seamwright breaking -->\n### seamwright: 1 breaking change\n',
    earlier: '',
  });
  for (const name of ['bin/seamwright', 'bin/gh']) chmodSync(place.path(name), 0o755);
});

afterEach(() => place.remove());

function run(env: Record<string, string>) {
  const { status, stdout } = spawnSync('bash', [join(action, 'compare.sh')], {
    encoding: 'utf8',
    env: {
      PATH: `${place.path('bin')}:${process.env.PATH}`,
      LC_ALL: 'C.UTF-8',
      PLACE: place.dir,
      GITHUB_OUTPUT: place.path('output'),
      GITHUB_STEP_SUMMARY: place.path('summary'),
      AGAINST: 'origin/main',
      WORKSPACES: '',
      COMMAND: 'seamwright',
      COMMENT: 'true',
      FAIL_ON: 'unproven',
      REPOSITORY: 'acme/shop',
      PULL_REQUEST: '7',
      EXIT: '1',
      ...env,
    },
  });
  const text = (name: string): string => (existsSync(place.path(name)) ? readFileSync(place.path(name), 'utf8') : '');
  return { status, stdout, text };
}

it('writes the first comment, and the summary of the job', () => {
  const { status, text } = run({});
  expect(status).toBe(1);
  expect(text('calls')).toMatch(/^api --silent --method POST repos\/acme\/shop\/issues\/7\/comments /);
  expect(text('body')).toContain('1 breaking change');
  expect(text('summary')).toBe(text('body'));
  expect(text('output')).toBe('verdict=breaking\n');
  expect(text('asked')).toBe('breaking\n--against\norigin/main\n--format\nmarkdown\n');
});

it('writes over the comment of an earlier run, also once nothing breaks any more', () => {
  place.write({ earlier: '42\n43\n' });
  expect(run({ EXIT: '0' }).status).toBe(0);
  expect(run({ EXIT: '0' }).text('calls')).toMatch(
    /^api --silent --method PATCH repos\/acme\/shop\/issues\/comments\/42 /,
  );
});

it('says nothing where nothing breaks and nothing was said', () => {
  const { status, text } = run({ EXIT: '0' });
  expect([status, text('calls')]).toEqual([0, '']);
});

it.each([
  ['1', 'unproven', 1],
  ['1', 'breaking', 1],
  ['1', 'never', 0],
  ['3', 'unproven', 3],
  ['3', 'breaking', 0],
  ['2', 'never', 2],
  ['0', 'unproven', 0],
])('ends %s with fail-on %s as %d', (exit, failOn, expected) => {
  expect(run({ EXIT: exit, FAIL_ON: failOn }).status).toBe(expected);
});

it('goes on without a comment: outside of a pull request, when it is switched off, when the token may not', () => {
  expect(run({ PULL_REQUEST: '' }).text('calls')).toBe('');
  expect(run({ COMMENT: 'false' }).text('calls')).toBe('');
  const { status, stdout } = run({ GH_FAILS: '1', EXIT: '3' });
  expect([status, stdout]).toEqual([3, expect.stringContaining('::warning::')]);
});

it('cuts a report that is too long for a comment', () => {
  place.write({ report: `<!-- seamwright breaking -->\n${'é'.repeat(70_000)}\n` });
  const { text } = run({});
  expect(text('body').length).toBeLessThan(65_000);
  expect(text('body')).toContain('the summary of the job has the rest');
  expect(text('body')).not.toContain('\ufffd');
  expect(text('summary').length).toBeGreaterThan(70_000);
});

it('takes names of branches as text', () => {
  const { text } = run({ AGAINST: '$(touch "$PLACE/ran"); touch ran', WORKSPACES: 'contracts/a contracts/b' });
  expect(text('asked').split('\n').slice(0, 5)).toEqual([
    'breaking',
    'contracts/a',
    'contracts/b',
    '--against',
    '$(touch "$PLACE/ran"); touch ran',
  ]);
  expect(existsSync(place.path('ran'))).toBe(false);
});

it('hands every setting over by the environment', () => {
  const { inputs, runs } = parse(readFileSync(join(action, 'action.yml'), 'utf8'));
  const [step] = runs.steps;
  expect(step.run).not.toContain('${{');
  const used = Object.values<string>(step.env).join(' ');
  for (const name of Object.keys(inputs)) expect(used, name).toContain(`inputs.${name}`);
  const script = readFileSync(join(action, 'compare.sh'), 'utf8');
  for (const name of Object.keys(step.env))
    if (name !== 'GH_TOKEN') expect(script, name).toMatch(new RegExp(`\\b${name}\\b`));
});
