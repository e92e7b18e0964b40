import { type Position, startOf } from '../../diagnostics/position.js';
import { channelsOf } from '../../model/channel-bindings.js';
import { brokerName } from '../../model/naming.js';
import type { Model } from '../../model/types.js';
import type { Change } from '../change.js';
import { namesItself, settingsFile } from './named-system.js';
import { compareNouns, type NounTable } from './nouns.js';
import { sorted } from './plain.js';

/** What a workspace says for all of its features: its name, how things are called on the broker, and where messages carry their envelope. */
export function systemChanges(before: Model, after: Model): Iterable<Change> {
  const isCarried = channelsOf(before).length > 0;
  const table: NounTable<Model> = {
    noun: 'system',
    subject: (name) => `system:${name}`,
    features: (model) => sorted(model.features.keys()),
    at: (model) => placeOf(model, ''),
    settings: (model) => ({
      // Called after their folders, both revisions are called alike.
      name: namesItself(before) || namesItself(after) ? model.system : undefined,
      ...namingOf(model, isCarried),
      ...Object.fromEntries(Object.entries(model.settings.envelope).map(([key, path]) => [`envelope.${key}`, path])),
    }),
    place: (model, setting) => placeOf(model, setting === 'name' ? '/system' : `/${setting.replace('.', '/')}`),
  };
  return compareNouns([{ name: after.system, before, after }], table);
}

const patterns = ['commands', 'routing_key', 'queue', 'dead_letter', 'retry', 'dead_letter_exchange'] as const;

/** Patterns with their places open, defaults included: to write a default down changes nothing. What channels live on is judged with the channels. */
function namingOf(model: Model, isCarried: boolean): Readonly<Record<string, unknown>> {
  const all = isCarried ? patterns : ([...patterns, 'exchange', 'topic'] as const);
  return Object.fromEntries(
    all.map((pattern) => [
      `naming.${pattern}`,
      // A queue is one of a service, whichever of the two words its name is made with.
      brokerName(model.settings, pattern, {}).replaceAll('{consumer}', '{service}') || undefined,
    ]),
  );
}

function placeOf(model: Model, pointer: string): Position {
  const file = settingsFile(model);
  return file === undefined ? startOf('seamwright.yaml') : model.locate({ file, pointer });
}
