import type { Stub } from '../../stub/start-stub.js';

type Values = Readonly<Record<string, unknown>>;

/** What a handler of a state gets: the running service, and a way to ask it. */
export interface StateContext {
  /** The values that the interaction shows, such as the id that will be asked for. */
  readonly params: Values;
  /** Whether everything optional is to be there, too. */
  readonly complete: boolean;
  /** Reaches the state through the contract's operations, as far as that goes, and answers with its values: for a handler that has only something to add. */
  derive(): Promise<Values>;
  /** The service as its `create.ts` makes it: its transactions, its copies, its clients. */
  readonly service: unknown;
  /** Stubs of the services that it calls, by name: what they are asked, and faults to set. */
  readonly stubs: Readonly<Record<string, Stub>>;
  /** Has a service that it calls answer an operation so, for the time of this interaction. Default status 200. */
  answer(provider: string, operation: string, body: unknown, status?: number): void;
  /** Asks the service over HTTP; the path begins with a slash. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * Brings the service into a state. Values that it answers with take the place of those that the interaction shows under the same name; without any, those stay.
 * What it throws fails the interaction.
 */
export type StateHandler = (context: StateContext) => unknown;

/** By the name of the state, or by the description of one interaction, such as `activateUser answers 200`. */
export type StateHandlers = Readonly<Record<string, StateHandler>>;
