import type { Edge, Model } from './types.js';

/** Every line between two services, each once, sorted: what maps, cycle checks and plans are drawn from. */
export function edgesOf(model: Omit<Model, 'edges' | 'locate'>): readonly Edge[] {
  const edges: Edge[] = [
    ...model.http.flatMap((edge) =>
      edge.operations.map(
        (operation): Edge => ({
          from: edge.from,
          to: edge.to,
          kind: 'http',
          subject: operation.id,
          feature: edge.feature,
          at: edge.at,
        }),
      ),
    ),
    ...model.http
      .filter((edge) => edge.operations.length === 0)
      .map(
        (edge): Edge => ({
          from: edge.from,
          to: edge.to,
          kind: 'http',
          subject: edge.purpose ?? '',
          feature: edge.feature,
          at: edge.at,
        }),
      ),
    ...[...model.events.values()].flatMap((event) =>
      event.consumers.map(
        (consumer): Edge => ({
          from: event.publisher,
          to: consumer.service,
          kind: 'event',
          subject: event.name,
          feature: consumer.feature,
          at: consumer.at,
        }),
      ),
    ),
    ...[...model.commands.values()].flatMap((command) =>
      command.senders.flatMap((sender) =>
        command.receivers.map(
          (receiver): Edge => ({
            from: sender,
            to: receiver.service,
            kind: 'command',
            subject: command.name,
            feature: command.feature,
            at: receiver.at,
          }),
        ),
      ),
    ),
    ...[...model.entities.values()].flatMap((entity) =>
      entity.consumers.map(
        (consumer): Edge => ({
          from: entity.owner,
          to: consumer.service,
          kind: 'sync',
          subject: entity.name,
          feature: consumer.feature,
          at: consumer.at,
        }),
      ),
    ),
    ...model.dependencies.map(
      (item): Edge => ({
        from: item.consumer,
        to: item.provider,
        kind: 'dependency',
        subject: item.range ?? '',
        feature: item.feature,
        at: item.at,
      }),
    ),
    ...model.flows.flatMap((flow) =>
      flow.hops.map(
        (hop): Edge => ({
          from: hop.from,
          to: hop.to,
          kind: 'flow',
          subject: hop.label ?? flow.name,
          feature: flow.feature,
          at: hop.at,
        }),
      ),
    ),
  ];
  const unique = new Map(
    edges.filter((edge) => edge.from !== '' && edge.to !== '').map((edge) => [sortKey(edge), edge]),
  );
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

function sortKey(edge: Edge): string {
  return [edge.from, edge.to, edge.kind, edge.subject, edge.feature].join('\u0000');
}
