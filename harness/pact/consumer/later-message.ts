import { randomUUID } from 'node:crypto';
import type { MessageInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { Model } from '../../../generator/model/types.js';
import type { MessageDefinition } from '../../../runtime/definition.js';
import type { Attribute } from '../../../runtime/envelope.js';

/** The same message as a telling of its own, a day after the one before: a consumer that keeps order would drop it otherwise. */
export function laterMessage(
  model: Model,
  message: MessageDefinition,
  { contents, metadata }: MessageInteraction,
): { readonly payload: unknown; readonly metadata: Readonly<Record<string, string>> } {
  const entity = [...model.entities.values()].find(({ event }) => event === message.name);
  const id = randomUUID();
  const time = dayAfter(metadata['ce-time']);
  const version = entity?.ordering.version;
  let payload = contents.content;
  for (const path of new Set([message.envelope?.time, version?.kind === 'timestamp' ? version.path : undefined]))
    if (path !== undefined) payload = replaced(payload, path.split('.'), time);
  for (const path of new Set([message.envelope?.id, entity?.ordering.tieBreaker ?? undefined]))
    if (path !== undefined) payload = replaced(payload, path.split('.'), id);
  const changed: Partial<Record<Attribute, string>> = { id, time, sequence: '2' };
  const headers = Object.entries(metadata).map(([name, value]): [string, string] => {
    const attribute = name.startsWith('ce-') ? (name.slice(3) as Attribute) : message.headers?.[name];
    return [name, (attribute === undefined ? undefined : changed[attribute]) ?? value];
  });
  return { payload, metadata: Object.fromEntries(headers) };
}

function dayAfter(time: string | undefined): string {
  const ms = Date.parse(time ?? '');
  return new Date((Number.isNaN(ms) ? Date.parse('2026-01-01T00:00:00Z') : ms) + 86_400_000).toISOString();
}

/** Only what is there is replaced. */
function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: replaced(Reflect.get(value, name), rest, by) };
}
