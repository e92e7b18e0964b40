import { spawnSync } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A question to git that it could not answer; the message is what it says of it. */
export class GitFailure extends Error {}

const ANSWER_BYTES_MAX = 1024 * 1024 * 1024;

/**
 * Asks git about one repository, and changes nothing in it: only plumbing that reads objects, no shell, no hook, no pager, no lock, no network.
 * Not promised: objects that a partial clone has not fetched are missing, and said so.
 */
export class Git {
  constructor(
    private readonly folder: string,
    private readonly env: Environment,
  ) {}

  /** Standard output without the line break at its end; throws GitFailure. */
  text(...args: readonly string[]): string {
    return this.bytes(args).toString('utf8').replace(/\n$/, '');
  }

  /** As `text`, or undefined where git fails: for questions that may have no answer. */
  maybe(...args: readonly string[]): string | undefined {
    try {
      return this.text(...args);
    } catch (error) {
      if (error instanceof GitFailure) return undefined;
      throw error;
    }
  }

  bytes(args: readonly string[], input?: string): Buffer {
    // Refs and settings of a repository are as untrusted as its files: a file-system monitor is a program that it names.
    const still = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never'];
    const { status, stdout, stderr, error } = spawnSync('git', [...still, ...args], {
      cwd: this.folder,
      env: { ...this.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' },
      maxBuffer: ANSWER_BYTES_MAX,
      ...(input === undefined ? {} : { input }),
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
      throw new GitFailure('the program "git" was not found');
    if (error !== undefined) throw new GitFailure(error.message);
    if (status !== 0) {
      const lines = stderr.toString('utf8').trim().split('\n');
      const [first = ''] = lines;
      const line = (lines.find((each) => /^(fatal|error): /.test(each)) ?? first).replace(/^(fatal|error): /, '');
      throw new GitFailure(line === '' ? `git ${args[0] ?? ''} ended with ${status}` : line);
    }
    return stdout;
  }
}
