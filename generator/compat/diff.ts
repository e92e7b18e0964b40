import type { Model } from '../model/types.js';
import type { Change } from './change.js';
import { channelChanges, channelNames } from './diff/channels.js';
import { commandChanges } from './diff/commands.js';
import { constantChanges } from './diff/constants.js';
import { edgeChanges } from './diff/edges.js';
import { entityChanges } from './diff/entities.js';
import { eventChanges } from './diff/events.js';
import { featureChanges } from './diff/features.js';
import { jobChanges } from './diff/jobs.js';
import { looseSchemaChanges } from './diff/loose-schemas.js';
import { messageChanges } from './diff/messages.js';
import { operationChanges } from './diff/operations.js';
import { sagaChanges } from './diff/sagas.js';
import { systemChanges } from './diff/system.js';

/**
 * How a system differs between two revisions: every noun that appeared, went or has another name, every setting and every schema that says something else.
 *
 * Words, the order of keys, where something stands, and whether a schema is written in place or referred to are no difference. The same models give the
 * same changes in the same order; a model differs from itself in nothing. Names of settings are those of the contract (`ordering.key`, `delete.mode`);
 * durations are in milliseconds.
 */
export function diff(before: Model, after: Model): readonly Change[] {
  const known = new Set<string>();
  const channels = channelNames(before, after);
  return [
    ...systemChanges(before, after),
    ...featureChanges(before, after),
    ...constantChanges(before, after),
    ...entityChanges(before, after),
    ...eventChanges(before, after),
    ...commandChanges(before, after),
    ...messageChanges(before, after, known, channels),
    ...channelChanges(channels, before, after),
    ...operationChanges(before, after, known),
    ...looseSchemaChanges(before, after, known),
    ...edgeChanges(before, after),
    ...sagaChanges(before, after),
    ...jobChanges(before, after),
  ];
}
