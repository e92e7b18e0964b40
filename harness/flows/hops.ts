import type { Flow, Hop, Model } from '../../generator/model/types.js';
import type { Happening } from '../history.js';

/** One hop of a flow and whether it was seen. */
export interface HopSeen {
  readonly text: string;
  readonly seen: boolean;
}

/** Looks for every hop of a flow among what was seen at the ports: calls that were answered, messages that were told and taken. */
export function hopsSeen(model: Model, flow: Flow, happenings: readonly Happening[]): readonly HopSeen[] {
  return flow.hops.map((hop) => ({
    text: `${hop.from} → ${hop.to}${hop.label === undefined ? '' : ` ${hop.label}`}`,
    seen: wasSeen(model, hop, happenings),
  }));
}

function wasSeen(model: Model, { from, to, label = '' }: Hop, happenings: readonly Happening[]): boolean {
  const operation = `${to}.${label}`;
  if (model.operations.has(operation)) {
    const calls = new Set(
      happenings.flatMap((one) =>
        one.kind === 'calling' && one.service === from && one.operation === operation ? [one.call] : [],
      ),
    );
    return happenings.some((one) => one.kind === 'served' && calls.has(one.call));
  }
  const message = model.events.get(label)?.message ?? model.commands.get(label)?.message ?? label;
  const told = new Set(
    happenings.flatMap((one) =>
      one.kind === 'published' && one.service === from && one.type === message ? [one.messageId] : [],
    ),
  );
  return happenings.some(
    (one) => one.kind === 'settled' && one.how === 'acked' && one.service === to && told.has(one.messageId),
  );
}
