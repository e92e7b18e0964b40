import { channelsOf } from '../model/channel-bindings.js';
import type { Model } from '../model/types.js';

/** Addresses of channels by their ids, sorted, each once; an id that no document defines stands for itself. */
export function addressesOf(model: Model, ids: readonly string[]): readonly string[] {
  const channels = channelsOf(model);
  const found = ids.flatMap((id) => {
    // Where ids are told apart by their documents, the name begins with the id.
    const mine = channels.filter((channel) => channel.id === id || id.startsWith(`${channel.id} in `));
    return mine.length === 0 ? [id] : mine.map((channel) => channel.address ?? channel.id);
  });
  return [...new Set(found)].sort();
}
