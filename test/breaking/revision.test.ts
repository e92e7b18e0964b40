import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRevision, type Revision } from '../../generator/load/revision.js';
import { ScratchRepository } from './scratch-repository.js';

let repository: ScratchRepository;
const open: Revision[] = [];

beforeEach(() => {
  repository = new ScratchRepository({
    'contracts/shop/seamwright.yaml': 'seamwright: "1"\nsystem: shop\n',
    'contracts/shop/products/feature.yaml': 'name: products\nversion: 1.0.0\n',
    'common/money.yaml': 'type: integer\n',
    'src/main.ts': 'export {};\n',
  });
});

afterEach(() => {
  for (const revision of open.splice(0)) revision.close();
  repository.remove();
});

const options = (cwd = repository.dir) => ({ cwd, dirs: [repository.path('contracts/shop')], env: repository.env });

function opened(against: string | undefined, cwd = repository.dir): Revision {
  const result = openRevision(against, options(cwd));
  if ('finding' in result) throw new Error(result.finding.message);
  open.push(result.revision);
  return result.revision;
}

function refused(against: string | undefined, cwd?: string) {
  const result = openRevision(against, options(cwd));
  if (!('finding' in result)) throw new Error(`${against} was opened`);
  expect(result.finding).toMatchObject({ rule: 'load-no-revision', severity: 'error', unreadable: true });
  return `${result.finding.message} ${result.finding.fix}`;
}

function feature(revision: Revision): string | undefined {
  const standing = revision.standingOf(repository.path('contracts/shop'), 'shop');
  return standing && readFileSync(join(standing.dir, 'products/feature.yaml'), 'utf8');
}

const second = { 'contracts/shop/products/feature.yaml': 'name: products\nversion: 2.0.0\n' };

it.each(['HEAD~1', 'first', 'HEAD~1:contracts', 'HEAD~1:contracts/shop', 'HEAD~1:./contracts'])(
  'reads %s, and neither touches the working tree nor the index',
  (against) => {
    repository.git('tag', 'first');
    repository.commit(second);
    repository.write({ 'contracts/shop/products/feature.yaml': 'half: [written\n', 'new.txt': 'x' });
    const before = [repository.git('status', '--porcelain'), repository.git('stash', 'list')];
    const index = readFileSync(repository.path('.git/index'));
    expect(feature(opened(against))).toContain('version: 1.0.0');
    expect([repository.git('status', '--porcelain'), repository.git('stash', 'list')]).toEqual(before);
    expect(readFileSync(repository.path('.git/index')).equals(index)).toBe(true);
  },
);

it('unpacks into a folder that only this user may enter, and deletes it', () => {
  const revision = opened('HEAD');
  const { dir, root } = revision.standingOf(repository.path('contracts/shop'), 'shop') ?? { dir: '', root: '' };
  expect(relative(tmpdir(), dir)).toMatch(/^seamwright-revision-/);
  expect(existsSync(join(root, 'common/money.yaml'))).toBe(true);
  expect(existsSync(join(root, 'src'))).toBe(false);
  revision.close();
  expect(existsSync(root)).toBe(false);
});

it('takes a branch where this one left it, tags and commits as they are', () => {
  repository.git('checkout', '--quiet', '-b', 'mine');
  repository.commit({ 'mine.txt': '' });
  repository.git('checkout', '--quiet', 'main');
  const tip = repository.commit(second);
  repository.git('tag', 'two');
  repository.git('checkout', '--quiet', 'mine');
  const branch = opened('main');
  expect(feature(branch)).toContain('1.0.0');
  expect(branch.note).toBe('where this branch left main');
  expect(branch.name).toMatch(/^main@[0-9a-f]{7}$/);
  expect(feature(opened('two'))).toContain('2.0.0');
  expect(opened(tip).name).toBe(tip.slice(0, 7));
  expect(feature(opened(undefined))).toContain('1.0.0');
});

it('shows files under the paths that they have today, from wherever it is called', () => {
  for (const cwd of [
    repository.dir,
    repository.path('contracts'),
    join(repository.dir, '..'),
    repository.path('src'),
  ]) {
    const revision = opened('HEAD', cwd);
    const { dir } = revision.standingOf(repository.path('contracts/shop'), 'shop') ?? { dir: '' };
    expect(relative(revision.cwd, dir), cwd).toBe(relative(cwd, repository.path('contracts/shop')));
  }
});

it('finds a workspace that stood elsewhere by its system, and says when there was none', () => {
  repository.git('mv', 'contracts/shop', 'contracts/store');
  repository.commit();
  const revision = opened('HEAD~1');
  const moved = revision.standingOf(repository.path('contracts/store'), 'shop');
  expect(moved && readdirSync(moved.dir).sort()).toEqual(['products', 'seamwright.yaml']);
  expect(revision.standingOf(repository.path('contracts/store'), 'other')).toBeUndefined();
});

it('follows a link to a file of the same commit, and no other', () => {
  symlinkSync('../../../common/money.yaml', repository.path('contracts/shop/products/money.yaml'));
  symlinkSync('/etc/hostname', repository.path('contracts/shop/products/host.yaml'));
  symlinkSync('../../../../../../../etc/hostname', repository.path('contracts/shop/products/up.yaml'));
  symlinkSync('loop.yaml', repository.path('contracts/shop/products/loop.yaml'));
  repository.commit();
  const { dir } = opened('HEAD').standingOf(repository.path('contracts/shop'), 'shop') ?? { dir: '' };
  expect(readdirSync(join(dir, 'products')).sort()).toEqual(['feature.yaml', 'money.yaml']);
  expect(readFileSync(join(dir, 'products/money.yaml'), 'utf8')).toBe('type: integer\n');
});

it('runs nothing that a repository names', () => {
  repository.write({ 'hook.sh': `#!/bin/sh\ntouch ${repository.path('ran')}\n` });
  spawnSync('chmod', ['+x', repository.path('hook.sh')]);
  repository.git('config', 'core.fsmonitor', repository.path('hook.sh'));
  repository.git('config', 'core.pager', repository.path('hook.sh'));
  repository.git('config', 'core.hooksPath', repository.dir);
  opened('HEAD');
  refused('nowhere');
  expect(existsSync(repository.path('ran'))).toBe(false);
});

it.each([
  ['mian', 'did you mean "main"?'],
  ['--upload-pack=x', 'is no revision'],
  ['no:where', 'is no revision'],
  ['HEAD:nowhere', 'has no folder "nowhere"'],
  ['./nowhere', '"nowhere" does not exist'],
  ['', 'has no name'],
])('refuses %j with what to do', (against, told) => {
  expect(refused(against)).toContain(told);
});

it('explains a shallow clone', () => {
  repository.commit(second);
  const clone = new ScratchRepository();
  try {
    const shallow = clone.path('shallow');
    clone.git('clone', '--quiet', '--depth=1', `file://${repository.dir}`, shallow);
    const result = openRevision('HEAD~1', { cwd: shallow, dirs: [join(shallow, 'contracts/shop')], env: clone.env });
    expect('finding' in result && result.finding.message).toContain('shallow clone');
    expect('finding' in result && result.finding.fix).toContain('fetch-depth: 0');
  } finally {
    clone.remove();
  }
});

it('explains a shallow clone in which two branches have nothing in common', () => {
  repository.git('checkout', '--quiet', '-b', 'mine');
  repository.commit({ 'mine.txt': '' });
  repository.git('checkout', '--quiet', 'main');
  repository.commit(second);
  const clone = new ScratchRepository();
  try {
    const shallow = clone.path('shallow');
    clone.git('clone', '--quiet', '--depth=1', '--no-single-branch', `file://${repository.dir}`, shallow);
    const result = openRevision('origin/mine', {
      cwd: shallow,
      dirs: [join(shallow, 'contracts/shop')],
      env: clone.env,
    });
    expect('finding' in result && result.finding.message).toContain('where this branch left "origin/mine"');
  } finally {
    clone.remove();
  }
});

it('refuses a commit of which a file was not fetched, rather than to take it for new', () => {
  repository.commit(second);
  const clone = new ScratchRepository();
  try {
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const partial = clone.path('partial');
    clone.git('clone', '--quiet', '--filter=blob:none', `file://${repository.dir}`, partial);
    const result = openRevision('HEAD~1', { cwd: partial, dirs: [join(partial, 'contracts/shop')], env: clone.env });
    expect('finding' in result && result.finding.message).toMatch(/cannot be read: .*(missing|fetch|promisor)/);
    expect('finding' in result && result.finding.fix).toContain('git fetch --refetch');
  } finally {
    clone.remove();
  }
});

it('says what is missing where there is no repository and no branch', () => {
  const bare = new ScratchRepository();
  try {
    mkdirSync(bare.path('x'));
    const said = (cwd: string) => {
      const result = openRevision(undefined, { cwd, dirs: [cwd], env: bare.env });
      return 'finding' in result ? `${result.finding.message} ${result.finding.fix}` : '';
    };
    expect(said(bare.path('x'))).toContain('none of the branches');
    spawnSync('rm', ['-rf', bare.path('.git')]);
    expect(said(bare.path('x'))).toContain('name a folder or a tarball');
  } finally {
    bare.remove();
  }
});

it('compares with a folder, a workspace by itself, and a tarball as npm packs it', () => {
  const place = new ScratchRepository({
    'old/contracts/shop/seamwright.yaml': 'seamwright: "1"\nsystem: shop\n',
    'old/contracts/shop/products/feature.yaml': 'name: products\nversion: 0.9.0\n',
  });
  try {
    const path = (name: string) => relative(repository.dir, place.path(name));
    expect(feature(opened(path('old')))).toContain('0.9.0');
    expect(feature(opened(path('old/contracts/shop')))).toContain('0.9.0');
    spawnSync('tar', ['-czf', place.path('a.tgz'), '--transform', 's,^old,package,', '-C', place.dir, 'old']);
    spawnSync('tar', ['-cf', place.path('b.tar'), '-C', place.path('old/contracts/shop'), '.']);
    expect(feature(opened(path('a.tgz')))).toContain('0.9.0');
    expect(feature(opened(path('b.tar')))).toContain('0.9.0');
    place.write({ 'c.tgz': 'no archive' });
    expect(refused(path('c.tgz'))).toContain('cannot be unpacked');
  } finally {
    place.remove();
  }
});
