import { systemClock } from '../../runtime/clock.js';
import type { Seen } from '../history.js';
import { forRequest } from '../world/request-at-work.js';
import { servedWith } from '../world/served.js';
import { type SentTry, takeTry } from '../world/tried.js';
import type { Witness } from '../world/witness.js';

/** How a try came to its end. */
type End = { readonly status: number; readonly retryAfterMs?: number } | { readonly error: string };

/** One try of a call, of which something more will be seen. */
export interface SeenCall {
  readonly step: string;
  /** The provider has carried it out. */
  served(given: Response, effect?: boolean): Promise<void>;
  /** Whoever asked has an answer, or has none coming. Only the first end counts. */
  end(how: End): void;
}

/** Requests as they lie on the wire while one plan is played: those to the service under test, and those that it makes for them. */
export class CallsSeen {
  readonly #subject: string;
  readonly #witness: Witness;
  readonly #startedAtMs: number;
  /** The latest request to the service under test, by step. */
  readonly #asked = new Map<string, number>();
  #tries = 0;
  #underWay = 0;

  /** `startedAtMs`: when the plan began, in ms since the epoch. */
  constructor(subject: string, witness: Witness, startedAtMs: number) {
    this.#subject = subject;
    this.#witness = witness;
    this.#startedAtMs = startedAtMs;
  }

  /** Calls without an end. */
  get underWay(): number {
    return this.#underWay;
  }

  /** A try leaves its caller. Undefined for what follows from no request of the plan: nobody can say why it is made. */
  begin(caller: string, sent: Omit<SentTry, 'call'>): SeenCall | undefined {
    const startedAt = systemClock.now();
    const call = this.#tries + 1;
    const { step, tried, calling } = takeTry({ ...sent, call }, { nowMs: startedAt, startMs: this.#startedAtMs });
    if (step === undefined) return undefined;
    const within = caller === this.#subject ? this.#asked.get(step) : undefined;
    if (caller === this.#subject && within === undefined) return undefined;
    this.#tries = call;
    if (caller !== this.#subject) this.#asked.set(step, call);
    const see = (service: string, seen: Seen): void =>
      this.within(within, () => this.#witness.see(service, step, seen));
    see(caller, calling);
    this.#underWay += 1;
    let ended = false;
    return {
      step,
      served: async (given, effect) => see(sent.provider, await servedWith(tried, given, effect)),
      end: (how) => {
        if (ended) return;
        ended = true;
        this.#underWay -= 1;
        see(caller, { kind: 'called', ...tried, ...how, tookMs: systemClock.now() - startedAt });
      },
    };
  }

  /** Sees what follows from a step of the plan as done for the latest request of that step. */
  forStep(step: string | undefined, see: () => void): void {
    this.within(step === undefined ? undefined : this.#asked.get(step), see);
  }

  private within(call: number | undefined, see: () => void): void {
    if (call === undefined) see();
    else forRequest(call, see);
  }
}
