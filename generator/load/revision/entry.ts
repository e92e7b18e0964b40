/** A file of a revision, before anything is written: its path within the revision, forward slashes. */
export interface RevisionFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Whether a path of a revision may be written below a folder: relative, forward slashes, no step up, nothing of git's own. A tree or a tarball may be
 * made by hand to lead elsewhere.
 */
export function isSafePath(path: string): boolean {
  if (path === '' || path.includes('\0') || path.includes('\\') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((step) => step !== '' && step !== '.' && step !== '..' && step.toLowerCase() !== '.git');
}

const TOOLS = /(^|\/)node_modules\//;

/** Whether a file may matter to contracts: everything in the folder of a workspace, and elsewhere what contracts can refer to. */
export function mayMatter(path: string, workspaces: readonly string[]): boolean {
  if (TOOLS.test(path)) return false;
  if (workspaces.some((folder) => folder === '' || path.startsWith(`${folder}/`))) return true;
  return /\.(ya?ml|json|avsc|proto|xsd)$/i.test(path);
}
