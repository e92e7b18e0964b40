import type { MemoryBroker } from '../../runtime/brokers/memory.js';
import type { Plan } from '../plan.js';
import type { Subject } from '../subject.js';
import type { VirtualClock } from '../virtual-clock.js';
import type { Callers } from './callers.js';
import type { Site } from './site.js';
import type { Trouble } from './trouble.js';
import type { Witness } from './witness.js';

/** A world as those see it who act in it or look at it. */
export interface InhabitedWorld {
  readonly subject: Subject;
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly broker: MemoryBroker;
  readonly witness: Witness;
  readonly trouble: Trouble;
  /** Clients that call from outside. */
  readonly callers: Callers;
  /** Services that take part, by name. */
  readonly sites: ReadonlyMap<string, Site>;
  /** The owner of an entity, when it takes part. */
  ownerSite(entity: string): Site | undefined;
}
