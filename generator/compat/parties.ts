import type { Model, Operation } from '../model/types.js';

/** Who writes and who reads; names of services, sorted, each once. */
export interface Parties {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

/**
 * Who writes and reads a message as an event and as a command; undefined where it does not travel so. A message that nobody is named for is an event of
 * the services whose own documents send and receive it.
 */
export function partiesOfMessage(
  model: Model,
  message: string,
): { readonly event?: Parties; readonly command?: Parties } {
  const entities = [...model.entities.values()].filter((entity) => entity.event === message);
  const events = [...model.events.values()].filter((event) => event.message === message);
  const commands = [...model.commands.values()].filter((command) => command.message === message);
  const replies = [...model.commands.values()].filter((command) => command.reply === message);
  const steps = [...model.sagas.values()].flatMap((saga) => saga.steps).filter((step) => step.publish === message);
  const jobs = [...model.jobs.values()].filter((job) => job.publishes.includes(message));
  const known = model.messages.get(message);
  const isEvent = entities.length + events.length > 0 || commands.length + replies.length === 0;
  return {
    ...(isEvent && {
      event: parties(
        [
          ...entities.map((entity) => entity.owner),
          ...events.map((event) => event.publisher),
          ...steps.map((step) => step.service ?? ''),
          ...jobs.map((job) => job.service),
          ...(known?.senders ?? []).map((use) => use.service),
        ],
        [
          ...[...entities, ...events].flatMap((item) => item.consumers.map((consumer) => consumer.service)),
          ...(known?.receivers ?? []).map((use) => use.service),
        ],
      ),
    }),
    ...(commands.length + replies.length > 0 && {
      command: parties(
        [
          ...commands.flatMap((command) => command.senders),
          ...replies.flatMap((command) => command.receivers.map((receiver) => receiver.service)),
        ],
        [
          ...commands.flatMap((command) => command.receivers.map((receiver) => receiver.service)),
          ...replies.flatMap((command) => command.senders),
        ],
      ),
    }),
  };
}

/** Services that call an operation: by an edge that names it or names none, by a full sync, a saga, or a call of a consumer. */
export function clientsOf(model: Model, operation: Pick<Operation, 'id' | 'service'>): readonly string[] {
  const { id, service } = operation;
  const isMeant = (name: string | undefined): boolean => name === id || name === `${service}.${id}`;
  const edges = model.http.filter(
    (edge) =>
      edge.to === service && (edge.operations.length === 0 || edge.operations.some((called) => isMeant(called.id))),
  );
  const synced = [...model.entities.values()].filter(
    (entity) => entity.owner === service && isMeant(entity.fullSync?.operationId),
  );
  const sagas = [...model.sagas.values()].filter((saga) =>
    saga.steps.some(
      (step) => step.service === service && step.action.kind === 'operation' && isMeant(step.action.name),
    ),
  );
  const consumers = [
    ...[...model.entities.values()].flatMap((entity) => entity.consumers),
    ...[...model.events.values()].flatMap((event) => event.consumers),
  ];
  const names = [
    ...edges.map((edge) => edge.from),
    ...synced.flatMap((entity) => entity.consumers.map((consumer) => consumer.service)),
    ...sagas.map((saga) => saga.orchestrator ?? ''),
    ...consumers
      .filter((consumer) => consumer.calls.some((call) => isMeant(call.operationId)))
      .map((item) => item.service),
  ];
  return named(names).filter((name) => name !== service);
}

/** Both revisions at once: who wrote or read before stays concerned, because old instances run beside new ones. */
export function bothParties(...sides: readonly (Parties | undefined)[]): Parties {
  return parties(
    sides.flatMap((side) => side?.writers ?? []),
    sides.flatMap((side) => side?.readers ?? []),
  );
}

function parties(writers: readonly string[], readers: readonly string[]): Parties {
  return { writers: named(writers), readers: named(readers) };
}

function named(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== ''))].sort();
}
