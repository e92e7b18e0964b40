import type { WireMessage } from '../../runtime/envelope.js';

/**
 * Where a fault can strike. Each registration is asked in turn; the first that answers wins. Steps are those of the plan: what a message follows from, or
 * what the service works on at that moment.
 */
export interface Hooks {
  /** Virtual ms since the start. */
  now(): number;
  /** Does something at a virtual instant, in ms after the start. Dropped when everything is healed. */
  at(ms: number, run: () => void): void;
  /** Does something when everything is healed, such as bringing a broker back. */
  onHeal(run: () => void): void;
  /** Takes down that a fault has struck. */
  struck(fault: string, words: string, where?: { readonly service?: string; readonly step?: string }): void;

  /** Delays of a message's copies that reach a queue; see `MemoryFaults.arrive`. */
  onArrive(ask: (arrival: Arrival) => readonly number[] | undefined): void;
  /** What becomes of a publish. `replace`: another message goes out in its place, such as one that nobody can read. */
  onPublish(ask: (publish: Publishing) => PublishFault | undefined): void;
  /** What becomes of a settlement. */
  onSettle(ask: (settling: Settling) => 'lose' | undefined): void;
  /** Comes to a point in a service's life: it may crash there, or the port call may fail. */
  onPoint(ask: (point: Point) => PointFault | undefined): void;
  /** Around each handler: may throw before or after it. */
  onHandler(ask: (call: Handling) => 'throw-before' | 'throw-after' | undefined): void;
  /** Before a call leaves a service: what becomes of it. */
  onCall(ask: (call: Calling) => CallFault | undefined): void;
  /** Whether a feature is on; undefined leaves it to the contract. */
  onFlag(ask: (flag: Flag) => boolean | undefined): void;
  /** How far the clock of a service is off, in ms. */
  onClock(ask: (service: string) => number): void;

  /** Cuts or restores the connection of a service, or of all. */
  cut(service: string | 'all'): void;
  restore(service: string | 'all'): void;
  /** Kills a process where it stands; it is started again after `reviveMs`. */
  crash(service: string, reviveMs: number): void;
  /** Starts one more process of a service, on the same store and queue. */
  join(service: string): void;
  /** Puts the dead letters of a service back into its queue, as an operator does. */
  replay(service: string): void;
}

export interface Arrival {
  readonly queue: string;
  /** Service that consumes the queue. */
  readonly service: string;
  readonly message: WireMessage;
  readonly messageId: string | undefined;
  readonly type: string | undefined;
  readonly step: string | undefined;
  /** How many arrivals of this step there were at this queue, this one included. */
  readonly nth: number;
}

export type PublishFault = 'refuse' | 'lose-confirm' | { readonly replace: WireMessage };

export interface Publishing {
  readonly service: string;
  readonly message: WireMessage;
  readonly step: string | undefined;
  readonly type: string | undefined;
  readonly nth: number;
}

export interface Settling {
  readonly queue: string;
  readonly service: string;
  readonly step: string | undefined;
  readonly attempt: number;
}

/**
 * Points in a service's life, in the order in which they come. `delivered`: a message is handed over, nothing has been done. `in-transaction`: the work is
 * done, nothing is committed. `committed`: nobody has been told. `settling`: the broker is about to be told. `settled`: it has been. `publishing` and
 * `published`: around the hand-over of a message to the broker. `calling` and `called`: around a call.
 */
export type PointName =
  | 'delivered'
  | 'in-transaction'
  | 'committed'
  | 'settling'
  | 'settled'
  | 'publishing'
  | 'published'
  | 'calling'
  | 'called';

export interface Point {
  readonly service: string;
  readonly point: PointName;
  readonly step: string | undefined;
  /** How often this service has come to this point with this step, this time included. */
  readonly nth: number;
}

/** `crash`: the process dies here and is started again. `fail`: the port call rejects, as a database does that goes away; for `in-transaction` only. */
export type PointFault =
  | { readonly kind: 'crash'; readonly reviveMs: number }
  | { readonly kind: 'fail'; readonly error: Error };

export interface Handling {
  readonly service: string;
  readonly consumer: string;
  readonly step: string | undefined;
  readonly nth: number;
}

export interface Flag {
  readonly service: string;
  readonly name: string;
}

export interface Calling {
  readonly caller: string;
  readonly provider: string;
  readonly operation: string;
  readonly step: string | undefined;
  /** Tries of this caller at this operation for this step, this one included. */
  readonly nth: number;
}

export type CallFault =
  | { readonly kind: 'slow'; readonly byMs: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The request never arrives. */
  | { readonly kind: 'reset' }
  /** The request is carried out and the answer is lost: the connection breaks, or, `silently`, nothing comes any more. */
  | { readonly kind: 'lose-reply'; readonly silently?: boolean }
  /** Nothing arrives and nothing comes back: only the caller can end it. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'garbage'; readonly body: string };
