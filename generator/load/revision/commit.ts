import { existsSync, realpathSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { nearest } from '../../diagnostics/nearest.js';
import { refusedRevision } from './finding.js';
import { type Git, GitFailure } from './git.js';
import { readTree } from './git-tree.js';
import type { Opened, RevisionOptions } from './opened.js';
import { Scratch } from './scratch.js';
import { standsAt } from './standing.js';

/** A commit to compare with. */
export interface FoundCommit {
  readonly commit: string;
  readonly name: string;
  readonly note?: string;
  /** Folder in the commit that stands for the whole of it, from `ref:path`; forward slashes. */
  readonly below?: string;
}

const DEFAULTS = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

export function commitOf(
  git: Git,
  against: string | undefined,
  cwd: string,
): FoundCommit | Exclude<Opened, { revision: unknown }> {
  try {
    git.text('rev-parse', '--git-dir');
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return refusedRevision(
      against === undefined
        ? `there is nothing to compare with: ${error.message}.`
        : `"${against}" is neither a folder nor, without a repository, a git revision: ${error.message}.`,
      'run this in a git repository, or name a folder or a tarball: --against ../contracts-before.',
    );
  }
  const ref = against ?? DEFAULTS.find((name) => resolved(git, name) !== undefined);
  if (ref === undefined)
    return refusedRevision(
      `there is nothing to compare with: the repository has none of the branches ${DEFAULTS.map((name) => `"${name}"`).join(', ')}.`,
      'name a branch, tag or commit with --against, or write breaking: { against: … } in seamwright.yaml.',
    );
  const whole = resolved(git, ref);
  if (whole !== undefined) return leftAt(git, ref, whole);
  const colon = ref.indexOf(':');
  const before = colon > 0 ? resolved(git, ref.slice(0, colon)) : undefined;
  if (before === undefined) return unknown(git, ref);
  const written = ref.slice(colon + 1);
  const prefix = inTop(git.text('rev-parse', '--show-toplevel'), cwd);
  const below = posix.normalize(written.startsWith('.') ? posix.join(prefix, written) : written).replace(/\/+$/, '');
  const folder = below === '.' ? '' : below;
  if (git.maybe('cat-file', '-t', `${before}:${folder}`) !== 'tree')
    return refusedRevision(
      `"${ref.slice(0, colon)}" has no folder "${written}".`,
      'name a folder as it stood in that revision, seen from the top of the repository.',
    );
  return { commit: before, name: `${ref.slice(0, colon)}@${short(before)}:${written}`, below: folder };
}

/** Unpacks what contracts may consist of into a private folder. */
export function gitRevision(git: Git, found: FoundCommit, { cwd, dirs }: RevisionOptions): Opened {
  const top = git.maybe('rev-parse', '--show-toplevel');
  if (top === undefined || top === '')
    return refusedRevision('the repository has no working tree.', 'run this where the contracts are checked out.');
  const within = (path: string): string => inTop(top, path);
  // Seen from the working folder, files of the revision have the paths that they have today.
  const above = within(cwd)
    .split('/')
    .filter((step) => step === '..').length;
  const scratch = new Scratch();
  try {
    const root = scratch.within(above === 0 ? 'tree' : join(...realpathSync(top).split(sep).slice(-above)));
    const folders = found.below === undefined ? dirs.map(within) : [found.below];
    scratch.write(root, readTree(git, found.commit, folders));
    const base = found.below === undefined ? root : scratch.within(join(relative(scratch.folder, root), found.below));
    return {
      revision: {
        name: found.name,
        ...(found.note === undefined ? {} : { note: found.note }),
        cwd: scratch.within(relative(scratch.folder, join(root, within(cwd)))),
        standingOf: (dir, system) => {
          const standing = standsAt(base, [within(dir)], system, dirs);
          return standing === undefined ? undefined : { dir: standing.dir, root };
        },
        close: () => scratch.remove(),
      },
    };
  } catch (error) {
    scratch.remove();
    if (!(error instanceof GitFailure)) throw error;
    return refusedRevision(
      `"${found.name}" cannot be read: ${error.message}.`,
      'fetch the objects that are missing ("git fetch --refetch" in a partial clone).',
    );
  }
}

/** Path as git sees it: links on the way are followed as far as they lead to something. */
function inTop(top: string, path: string): string {
  return relative(realpathSync(top), existsSync(path) ? realpathSync(path) : path)
    .split(sep)
    .join('/');
}

function resolved(git: Git, ref: string): string | undefined {
  return git.maybe('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
}

/** What others did on a branch since this one left it is not part of this change. */
function leftAt(git: Git, ref: string, commit: string): ReturnType<typeof commitOf> {
  const name = commit.startsWith(ref) ? short(commit) : `${ref}@${short(commit)}`;
  const full = git.maybe('rev-parse', '--symbolic-full-name', '--end-of-options', ref) ?? '';
  // Older versions of git repeat the separator.
  if (!/^refs\/(heads|remotes)\//m.test(full)) return { commit, name };
  const base = git.maybe('merge-base', 'HEAD', commit);
  if (base === commit) return { commit, name };
  if (base !== undefined) return { commit: base, name: `${ref}@${short(base)}`, note: `where this branch left ${ref}` };
  if (isShallow(git))
    return refusedRevision(
      `the commit where this branch left "${ref}" is not in this shallow clone.`,
      'fetch the whole history: "git fetch --unshallow", or fetch-depth: 0 at actions/checkout.',
    );
  return { commit, name };
}

function unknown(git: Git, ref: string): ReturnType<typeof commitOf> {
  if (isShallow(git))
    return refusedRevision(
      `this shallow clone has no revision "${ref}".`,
      'fetch the whole history: "git fetch --unshallow", or fetch-depth: 0 at actions/checkout.',
    );
  const names = (
    git.maybe('for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/remotes', 'refs/tags') ?? ''
  )
    .split('\n')
    .filter((name) => name !== '');
  const meant = nearest(ref, names);
  return refusedRevision(
    `"${ref}" is no revision of this repository, no folder and no tarball.`,
    meant === undefined
      ? 'name a branch, tag or commit that "git log" finds, a folder, or a tarball.'
      : `did you mean "${meant}"?`,
  );
}

function isShallow(git: Git): boolean {
  return git.maybe('rev-parse', '--is-shallow-repository') === 'true';
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
