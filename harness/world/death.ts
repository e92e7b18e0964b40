/** Ends the work of a process that is no more. Never leaves the harness. */
export class Death extends Error {
  constructor() {
    super('the process is dead');
  }
}

/**
 * One life of a process, from its start to its crash. Whatever a dead process still asks of a port is never answered, so that no effect leaves it: nothing
 * has to be stopped or unwound.
 */
export class Incarnation {
  readonly #last: (() => void)[] = [];
  /** Ends what races with the death. */
  readonly #racing = new Set<(reason: Error) => void>();
  #dead = false;

  get dead(): boolean {
    return this.#dead;
  }

  /** What the operating system does for a process that died, such as closing its connections. */
  atDeath(run: () => void): void {
    this.#last.push(run);
  }

  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const end of this.#racing) end(new Death());
    for (const run of this.#last) run();
  }

  /** Rejects with `Death` when the process dies first: for work that somebody else has to roll back. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#dead) reject(new Death());
      else this.#racing.add(reject);
      const over = (): void => void this.#racing.delete(reject);
      work.then(
        (result) => {
          over();
          resolve(result);
        },
        (error: unknown) => {
          over();
          reject(error);
        },
      );
    });
  }

  /** Never settles once the process is dead. */
  alive<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (result) => {
          if (!this.#dead) resolve(result);
        },
        (error: unknown) => {
          if (!this.#dead && !(error instanceof Death)) reject(error);
        },
      );
    });
  }
}

export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
