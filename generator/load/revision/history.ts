import type { Environment } from './git.js';
import { Git } from './git.js';

const COMMITS_MAX = 1_000;

/**
 * Revisions between which versions of a folder change, newest first: HEAD, then for each commit that changed a line with a version in it the commit and the
 * one before it. Two that hold the same files are one. Empty without a repository or a commit.
 */
export function versionHistory(dir: string, env: Environment): readonly string[] {
  const git = new Git(dir, env);
  if (git.maybe('rev-parse', '--verify', '--quiet', 'HEAD^{commit}') === undefined) return [];
  const changed = git.maybe('log', '--format=%H %P', `--max-count=${COMMITS_MAX}`, '-G', 'version', '--', '.') ?? '';
  const commits = ['HEAD', ...changed.split('\n').flatMap((line) => line.split(' ').slice(0, 2))];
  const states = new Map<string, string>();
  for (const commit of commits) {
    const tree = commit === '' ? undefined : git.maybe('rev-parse', '--verify', '--quiet', `${commit}:./`);
    if (tree !== undefined && !states.has(tree)) states.set(tree, commit);
  }
  return [...states.values()];
}

/** The tag that says where a version of a service stood, when somebody set one: `surveys@1.2.0`, `surveys-v1.2.0`, `surveys/v1.2.0`. */
export function versionTag(dir: string, service: string, version: string, env: Environment): string | undefined {
  const git = new Git(dir, env);
  const names = ['@', '@v', '-v', '-', '/v', '/'].map((between) => `refs/tags/${service}${between}${version}`);
  return names.find(
    (name) => git.maybe('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`) !== undefined,
  );
}
