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
  readonly #death: { readonly promise: Promise<never>; readonly reject: (reason: Error) => void };
  readonly #last: (() => void)[] = [];
  #dead = false;

  constructor() {
    let reject = (_: Error): void => {};
    const promise = new Promise<never>((_, give) => {
      reject = give;
    });
    // Most processes live: nobody may be waiting when one does not.
    promise.catch(() => {});
    this.#death = { promise, reject };
  }

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
    this.#death.reject(new Death());
    for (const run of this.#last) run();
  }

  /** Rejects with `Death` when the process dies first: for work that somebody else has to roll back. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death.promise]);
  }

  /** Never settles once the process is dead. */
  async alive<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      return this.#dead ? await never<T>() : result;
    } catch (error) {
      if (this.#dead || error instanceof Death) return never<T>();
      throw error;
    }
  }
}

export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
