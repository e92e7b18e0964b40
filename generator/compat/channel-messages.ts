import { bothModels } from './affected.js';
import { channelNames } from './diff/channels.js';
import type { Revisions } from './rule.js';

/** Messages that a channel carries in either revision, by the name that the channel has in changes. */
export function messagesOn(revisions: Revisions, ...channels: readonly string[]): readonly string[] {
  const names = channelNames(revisions.before, revisions.after);
  const found = bothModels(revisions).flatMap((model) =>
    [...model.messages.values()].filter((message) =>
      message.channels.some((channel) => channels.includes(names.of(channel))),
    ),
  );
  return [...new Set(found.map((message) => message.name))].sort();
}
