import type { MixedWith } from '../../../harness/mixed/revisions.js';
import type { SystemUnderTest } from '../../../harness/system.js';
import { UsageError } from '../../../runtime/errors.js';
import { Git } from '../../load/revision/git.js';
import { openRevision } from '../../load/revision.js';
import type { CommandInput, Io } from '../command.js';

/** What says nothing about two revisions, by option. */
const alone = ['level', 'score', 'exhaustive', 'publishPacts', 'pactVersion', 'list'] as const;

/** Throws `UsageError` for options that would be asked for in vain. */
export function refuseBesideMixed(options: CommandInput['options']): void {
  const vain = options.mixedWith === undefined ? undefined : alone.find((name) => options[name] !== undefined);
  if (vain === undefined) return;
  const flag = vain.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} is for one revision: leave it out, or --mixed-with`);
}

/**
 * Loads the code of an older revision beside the present one for as long as `work` takes. The whole revision is unpacked, not only its contracts: services
 * may import any of it. Throws `UsageError` when the revision is not there, or has no generated code for the system.
 */
export async function withOldRevision<T>(
  system: SystemUnderTest,
  asked: string,
  io: Pick<Io, 'cwd' | 'env' | 'progress'>,
  work: (mixedWith: MixedWith) => Promise<T>,
): Promise<T> {
  io.progress(`reading ${asked}`);
  const top = new Git(system.contracts, io.env).maybe('rev-parse', '--show-toplevel') ?? system.project;
  const opened = openRevision(asked, { cwd: io.cwd, dirs: [top], env: io.env });
  if ('finding' in opened) {
    const { message, fix } = opened.finding;
    throw new UsageError(`${message.replace(/\.$/, '')}${fix === undefined ? '' : `: ${fix.replace(/\.$/, '')}`}`);
  }
  const { revision } = opened;
  try {
    const standing = revision.standingOf(system.contracts, system.name);
    if (standing === undefined) throw new UsageError(`"${revision.name}" has no system "${system.name}"`);
    const { copyOldTree } = await import('../../../harness/mixed/old-tree.js');
    const { loadSystem } = await import('../../../harness/system.js');
    const tree = copyOldTree(standing.root, standing.dir, system.project);
    try {
      const old = await loadSystem({ workspace: tree.workspace, cwd: tree.workspace, env: io.env });
      if (old.services.size === 0)
        throw new UsageError(
          `"${revision.name}" holds no generated code for "${system.name}": name a folder or a tarball in which seamwright generate was run`,
        );
      return await work({ system: old, name: revision.name, asked });
    } finally {
      tree.close();
    }
  } finally {
    revision.close();
  }
}
