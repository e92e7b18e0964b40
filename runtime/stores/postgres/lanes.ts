/** A client that is lent. */
export interface Lent<Client> {
  readonly client: Client;
  /** Whether its connection is gone, so that nothing more can be done on it. */
  broken(): boolean;
}

/** Works in a row on one client. Who waits for a client for something else gets one after so many. */
const worksMax = 32;

/** A client on its way from one work to the next. */
interface Lane<Client> extends Lent<Client> {
  works: number;
  giveBack(): void;
}

interface Waiting<Client> {
  resolve(lane: Lane<Client>): void;
  reject(error: unknown): void;
}

/**
 * Runs short works side by side, each on a client of its own. While there is more to do a client goes from one work to the next without going back to where it is
 * lent, which would cost more than some works do. Clients are asked for one at a time, so that no more are taken than there is work for.
 *
 * Answers a function that resolves or rejects as its work does, and rejects as `lend` does when no client is to be had.
 */
export function createLanes<Client>(
  lend: (use: (lent: Lent<Client>) => Promise<void>) => Promise<void>,
): <T>(work: (client: Client) => Promise<T>) => Promise<T> {
  const waiting: Waiting<Client>[] = [];
  let asked = false;

  function ask(): void {
    if (asked || waiting.length === 0) return;
    asked = true;
    lend((lent) => {
      asked = false;
      return new Promise((giveBack) => pass({ ...lent, works: 0, giveBack }));
    }).then(ask, (error: unknown) => {
      asked = false;
      // None is to be had: whoever else waits would only learn the same later.
      for (const one of waiting.splice(0)) one.reject(error);
    });
  }

  function pass(lane: Lane<Client>): void {
    const next = lane.broken() || lane.works === worksMax ? undefined : waiting.shift();
    if (next === undefined) {
      lane.giveBack();
    } else {
      lane.works += 1;
      next.resolve(lane);
      // There may be more to do than the lanes so far can take.
      ask();
    }
  }

  return async (work) => {
    const lane = await new Promise<Lane<Client>>((resolve, reject) => {
      waiting.push({ resolve, reject });
      ask();
    });
    try {
      return await work(lane.client);
    } finally {
      pass(lane);
    }
  };
}
