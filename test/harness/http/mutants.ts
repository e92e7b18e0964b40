import { callMutants, fetching } from '../../../harness/mutants/calls.js';
import type { Create } from '../../../harness/mutants/mutant.js';
import type { Subject } from '../../../harness/subject.js';
import type { WorldOptions } from '../../../harness/world/world.js';

export type Mutate = NonNullable<WorldOptions['mutate']>;

/** One of the usual mistakes of calls, in one service. */
export function mistaken(id: string, subject: Subject): Mutate {
  const mutant = callMutants.find((one) => one.id === id);
  const { apply } = mutant ?? {};
  if (apply === undefined) throw new Error(`there is no mistake ${id}`);
  return (create, service) => (service === subject.name ? apply(create, { service, subject }) : create);
}

/** Forgets whom it works for. */
export function newCorrelation(service: string): Mutate {
  return only(
    service,
    fetching((send) => (url, init) => {
      const headers = new Headers(init.headers);
      headers.set('x-correlation-id', crypto.randomUUID());
      return send(url, { ...init, headers });
    }),
  );
}

/** Asks nobody who they are. */
export function opensTheDoor(service: string): Mutate {
  return only(service, (create) => (options) => create({ ...options, authenticate: 'none' } as typeof options));
}

/** A promise that is not kept is none: the deadline of the request is not told on. */
export function forgetsDeadlines(service: string): Mutate {
  return only(
    service,
    fetching((send) => (url, init) => {
      const headers = new Headers(init.headers);
      headers.delete('x-request-deadline');
      return send(url, { ...init, headers });
    }),
  );
}

function only(mutant: string, apply: (create: Create) => Create): Mutate {
  return (create, service) => (service === mutant ? apply(create) : create);
}
