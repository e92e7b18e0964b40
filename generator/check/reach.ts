import type { Position } from '../diagnostics/position.js';
import type { Flow, Hop, Model, Role } from '../model/types.js';

/** One way in which a service needs another service or a resource. */
export interface Reach {
  readonly from: string;
  readonly to: string;
  readonly how: 'calls' | 'sends a command to' | 'depends on' | 'flows to' | 'owns';
  readonly at: Position;
}

/**
 * Everything a service asks of others: calls, commands, dependencies, hops of flows and resources of its own.
 *
 * Left out are hops that only answer an earlier one, and hops that an event or a copy explains: there the receiver listens, the sender needs nobody.
 */
export function reachOf(model: Model, service: string): readonly Reach[] {
  const all: readonly Reach[] = [
    ...model.http.map((edge) => ({ from: edge.from, to: edge.to, how: 'calls' as const, at: edge.at })),
    ...[...model.commands.values()].flatMap((command) =>
      command.senders.flatMap((from) =>
        command.receivers.map((each) => ({ from, to: each.service, how: 'sends a command to' as const, at: each.at })),
      ),
    ),
    ...model.dependencies.map((each) => ({
      from: each.consumer,
      to: each.provider,
      how: 'depends on' as const,
      at: each.at,
    })),
    ...model.flows.flatMap((flow) =>
      flow.hops
        .filter((hop) => !answers(flow, hop) && !pushed(model, hop))
        .map((hop) => ({ from: hop.from, to: hop.to, how: 'flows to' as const, at: hop.at })),
    ),
    ...[...model.resources.values()].flatMap(({ name, owner, at }) =>
      owner === undefined ? [] : [{ from: owner, to: name, how: 'owns' as const, at }],
    ),
  ];
  return all.filter((reach) => reach.from === service && reach.to !== service);
}

/** Whether an earlier hop of the flow went the other way. */
export function answers(flow: Flow, hop: Hop): boolean {
  return flow.hops
    .slice(0, flow.hops.indexOf(hop))
    .some((earlier) => earlier.from === hop.to && earlier.to === hop.from);
}

/** What a name stands for: the role of a service, the type of a resource, undefined when nothing says. */
export function kindOf(model: Model, name: string): Role | `resource ${string}` | undefined {
  const resource = model.resources.get(name);
  return resource === undefined ? model.services.get(name)?.role : `resource ${resource.type}`;
}

/** Groups what reaches one target, so that a target named in three files is one finding with three places. */
export function byTarget(reaches: readonly Reach[]): ReadonlyMap<string, readonly [Reach, ...Reach[]]> {
  const groups = new Map<string, [Reach, ...Reach[]]>();
  for (const reach of reaches) {
    const known = groups.get(reach.to);
    if (known) known.push(reach);
    else groups.set(reach.to, [reach]);
  }
  return groups;
}

function pushed(model: Model, hop: Hop): boolean {
  return model.edges.some(
    (edge) => (edge.kind === 'event' || edge.kind === 'sync') && edge.from === hop.from && edge.to === hop.to,
  );
}
