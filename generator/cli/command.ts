/** The outside world as a command sees it; only `main` makes a real one. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Standard output has a person behind it. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** To standard output, a line break added. */
  out(text: string): void;
  /** To standard error, a line break added. */
  err(text: string): void;
  /** One line that is overwritten, on a terminal only. */
  progress(step: string): void;
  /** Milliseconds since the process started. */
  elapsedMs(): number;
  /** Resolves when the user wants to stop. */
  interrupted(): Promise<void>;
}

export interface CommandInput {
  readonly args: readonly string[];
  /** Options by their long names in camel case. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly io: Io;
}

/** 0 holds; 1 findings; 2 bad usage or unreadable input; 3 nothing broken but something unproven. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command as `--help` shows it; what it does is loaded when it is called. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** As commander writes them: `[workspace...]`. */
  readonly arguments: string;
  /** `repeatable`: given several times, the values come as a list. */
  readonly options: readonly (readonly [flags: string, description: string, kind?: 'repeatable'])[];
  readonly formats: readonly string[];
  load(): Promise<(input: CommandInput) => Promise<ExitCode>>;
}
