import { posix } from 'node:path';
import { isSafePath, mayMatter, type RevisionFile } from './entry.js';
import { type Git, GitFailure } from './git.js';

interface Blob {
  readonly path: string;
  readonly id: string;
  readonly link: boolean;
}

const LINKS_MAX = 10;

/** Read at once: what a repository holds must not have to fit into memory. */
const BLOBS_AT_ONCE = 1_000;

/**
 * The files of a commit that contracts may consist of, read from the object store. Submodules are not entered; a link to a file of the commit is that file.
 * Throws GitFailure when an object is missing: a file that is silently not there would look like one that was added since.
 */
export function* readTree(git: Git, commit: string, workspaces: readonly string[]): Iterable<RevisionFile> {
  const blobs = listed(git, commit);
  const byPath = new Map(blobs.map((blob) => [blob.path, blob]));
  const wanted = blobs.filter((blob) => mayMatter(blob.path, workspaces));
  for (let start = 0; start < wanted.length; start += BLOBS_AT_ONCE) {
    const some = wanted.slice(start, start + BLOBS_AT_ONCE);
    const contents = read(
      git,
      some.map((blob) => blob.id),
    );
    for (const blob of some) {
      const bytes = blob.link ? followed(git, blob, byPath, contents) : contents.get(blob.id);
      if (bytes !== undefined) yield { path: blob.path, bytes };
    }
  }
}

function listed(git: Git, commit: string): readonly Blob[] {
  const lines = git.text('ls-tree', '-r', '-z', '--full-tree', commit).split('\0');
  return lines.flatMap((line): readonly Blob[] => {
    const [, mode, type, id, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (type !== 'blob' || id === undefined || path === undefined || !isSafePath(path)) return [];
    return [{ path, id, link: mode === '120000' }];
  });
}

/** Contents by object id, in one process for all. */
function read(git: Git, ids: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  if (ids.length === 0) return contents;
  const answer = git.bytes(['cat-file', '--batch', '--buffer'], `${[...new Set(ids)].join('\n')}\n`);
  let at = 0;
  while (at < answer.length) {
    const end = answer.indexOf(10, at);
    const [id = '', kind, size] = answer.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (kind !== 'blob') throw new GitFailure(`object ${id.slice(0, 12)} is ${kind ?? 'missing'}`);
    contents.set(id, answer.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return contents;
}

function followed(
  git: Git,
  link: Blob,
  byPath: ReadonlyMap<string, Blob>,
  contents: ReadonlyMap<string, Uint8Array>,
): Uint8Array | undefined {
  let blob: Blob | undefined = link;
  for (let hop = 0; blob !== undefined && hop < LINKS_MAX; hop++) {
    const bytes: Uint8Array | undefined = contents.get(blob.id) ?? read(git, [blob.id]).get(blob.id);
    if (!blob.link || bytes === undefined) return bytes;
    const target = Buffer.from(bytes).toString('utf8');
    blob = target.startsWith('/') ? undefined : byPath.get(posix.join(posix.dirname(blob.path), target));
  }
  return undefined;
}
