import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../runtime/stores/store.js';
import type { Target } from '../scenarios/scenario.js';
import type { CreatedService, HarnessOptions, Subject } from '../subject.js';

/** A service put together, before it is given what it runs on. */
export type Create = (options: HarnessOptions) => CreatedService;

/** Where a mistake is built in. */
export interface Place {
  readonly service: string;
  readonly subject: Subject;
}

/** What of a service a mistake strikes: the first part of the id of a scenario's target. */
export type Role = 'copy' | 'effect' | 'owned' | 'publishes' | 'client';

/**
 * One mistake that careless code makes, built into a service at its ports, its definition or its handlers: the harness has to find it, and by the promise that
 * it breaks.
 */
export interface Mutant {
  /** Place in the catalogue; forms of one mistake share it. */
  readonly number: number;
  /** Kebab case, stable. */
  readonly id: string;
  /** What the code does wrong, in one sentence. */
  readonly title: string;
  readonly patches: 'runtime' | 'generated code' | 'handler';
  /** Promises of which one has to be found broken. */
  readonly expected: readonly string[];
  /** Scenarios that give it the occasion; the catalogue's "exposing fault". */
  readonly scenarios: readonly string[];
  /** Services it is tried on, as `<system>/<service>`; each until it is found. */
  readonly on: readonly string[];
  readonly strikes: readonly Role[];
  /** Whether a target gives the mistake an occasion; default: each that it strikes. */
  fits?(subject: Subject, target: Target): boolean;
  /** Who has the mistake; default the service under test. `others`: whoever tells what it copies, or copies what it tells. */
  readonly at?: 'others';
  /** A mistake of what lies between the runtime and the world's eyes. */
  apply?(create: Create, place: Place): Create;
  /** A mistake of the store itself: what the world sees of it is already wrong. */
  store?(store: Store, clock: Clock): Store;
}
