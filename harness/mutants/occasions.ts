import { type CallOut, callOutNamed } from '../scenarios/calls-out.js';
import { type Edge, edgesOf, isDated, isDeletable, isEntity, outboxEdges } from '../scenarios/edges.js';
import type { Target } from '../scenarios/scenario.js';
import type { Subject } from '../subject.js';

/** Whether a target gives a mistake an occasion: a mistake that cannot show is none. */
export type Occasion = (subject: Subject, target: Target) => boolean;

/** An entity that is told more than once. */
export const changing = where(isEntity);

/** One that may be deleted as well. */
export const deletable = where(isDeletable);

/** One whose versions are instants. */
export const dated = where(isDated);

/** A message that has to wait for another. */
export const waiting = where((edge) => isEntity(edge) && edge.waits.length > 0);

/** A handler that is told each message once by its id or key, not by the version of an entity. */
export const claimed = where(({ consumer }) => consumer !== undefined && 'handler' in consumer && !consumer.guard);

/** What leaves through an outbox. */
export const throughOutbox: Occasion = (subject, { id }) => outboxEdges(subject).some((edge) => edge.id === id);

/** A call to another service of which `test` accepts what the contract says. */
export function called(test: (call: CallOut) => boolean): Occasion {
  return (subject, target) => {
    const call = callOutNamed(subject, target);
    return call !== undefined && test(call);
  };
}

/** A message of which `test` accepts one that is made up. */
export function madeUp(test: (data: unknown, edge: Edge) => boolean): Occasion {
  return (subject, { id }) =>
    edgesOf(subject).some((edge) => edge.id === id && test(subject.values.payload(edge.message, 1), edge));
}

function where(test: (edge: Edge) => boolean): Occasion {
  return (subject, { id }) => edgesOf(subject).some((edge) => edge.id === id && test(edge));
}
