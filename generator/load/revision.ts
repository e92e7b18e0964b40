import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { shownPath } from './files.js';
import { projectOf } from './project.js';
import { commitOf, gitRevision } from './revision/commit.js';
import { refusedRevision } from './revision/finding.js';
import { Git } from './revision/git.js';
import type { Opened, RevisionOptions } from './revision/opened.js';
import { standsAt } from './revision/standing.js';
import { tarballRevision } from './revision/tarball-revision.js';

export type { Opened, Revision, RevisionOptions } from './revision/opened.js';

/**
 * Opens what `--against` names: a branch, tag or commit, `ref:path`, a folder, or a tarball (.tgz, .tar.gz, .tar). Of a branch it is the commit where
 * the present one left it, so that what others did there since is not held against this change; tags and commits are taken as they are. A name that
 * begins with a dot or a slash is a path. Without a name: the branch `origin/HEAD`, `origin/main`, `origin/master`, `main` or `master`, the first there is.
 * Nothing is checked out, no index is touched, nothing is fetched.
 */
export function openRevision(against: string | undefined, options: RevisionOptions): Opened {
  if (against?.trim() === '')
    return refusedRevision(
      'the revision to compare with has no name.',
      'name a branch, tag or commit, a folder, or a tarball.',
    );
  const path = against === undefined ? undefined : resolve(options.from ?? options.cwd, against);
  const isPath = against !== undefined && /^(\.{0,2}[/\\]|\.{1,2}$|[A-Za-z]:[/\\])|\.(tgz|tar\.gz|tar)$/.test(against);
  if (path !== undefined && isPath) return openPath(path, options);
  const top = options.dirs[0] ?? options.cwd;
  const git = new Git(existsSync(top) ? top : options.cwd, options.env);
  const found = commitOf(git, against, options.cwd);
  if ('commit' in found) return gitRevision(git, found, options);
  // A folder may have a name without a slash.
  return path !== undefined && existsSync(path) ? openPath(path, options) : found;
}

function openPath(path: string, options: RevisionOptions): Opened {
  const name = shownPath(options.cwd, path);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    return refusedRevision(`"${name}" does not exist.`, 'name a git branch, tag or commit, a folder, or a tarball.');
  if (stat.isFile()) return tarballRevision(path, name, options);
  if (!stat.isDirectory())
    return refusedRevision(`"${name}" is neither a folder nor a regular file.`, 'name a folder or a tarball.');
  const { cwd, dirs } = options;
  const root = realpathSync(path);
  return {
    revision: {
      name,
      cwd,
      standingOf: (dir, system) => {
        const paths = [relative(cwd, dir), relative(topOf(dir, options), dir)];
        const standing = standsAt(root, paths, system, dirs);
        return standing === undefined ? undefined : { dir: standing.dir, root: projectOf(root, cwd) };
      },
      close: () => {},
    },
  };
}

/** The folder that holds everything of the project of today: the top of its repository, else the working folder. */
function topOf(dir: string, { cwd, env }: RevisionOptions): string {
  const top = new Git(dir, env).maybe('rev-parse', '--show-toplevel');
  return top === undefined ? cwd : top.split('/').join(sep);
}
