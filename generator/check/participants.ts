import type { Model } from '../model/types.js';

/** Names that take part in anything besides flows, declared or not: ends of edges, owners, publishers, services of jobs and sagas. */
export function participantsOf(model: Model): ReadonlySet<string> {
  const edges = model.edges.filter((edge) => edge.kind !== 'flow').flatMap((edge) => [edge.from, edge.to]);
  const sagas = [...model.sagas.values()].flatMap((saga) => [
    saga.orchestrator ?? '',
    ...saga.steps.map((step) => step.service ?? ''),
  ]);
  const names = [
    ...edges,
    ...[...model.entities.values()].map((entity) => entity.owner),
    ...[...model.events.values()].map((event) => event.publisher),
    ...[...model.jobs.values()].map((job) => job.service),
    ...sagas,
  ];
  return new Set(names.filter((name) => name !== ''));
}
