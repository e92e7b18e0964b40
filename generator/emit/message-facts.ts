import { payloadFields } from '../model/payload-fields.js';
import type { Model, Security } from '../model/types.js';
import { joinPath } from './waits-text.js';

/** What the contracts say of a message beside its shape; as in the runtime's `MessageDefinition`. */
export interface MessageFacts {
  readonly payloadMax?: number;
  readonly redact?: readonly string[];
  readonly security?: { readonly allow: readonly string[] };
  readonly alertAfterMs?: number;
}

/** Facts that no contract gives are left out. */
export function messageFacts(model: Model, message: string): MessageFacts {
  const payloadMax = bytesMax(model, message);
  const redact = personalPaths(model, message);
  const allow = allowedSenders(model, message);
  const alert = alertAfterMs(model, message);
  return {
    ...(payloadMax !== undefined && { payloadMax }),
    ...(redact.length > 0 && { redact }),
    ...(allow !== undefined && { security: { allow } }),
    ...(alert !== undefined && { alertAfterMs: alert }),
  };
}

/** Dotted paths of a message's personal values: `pii` of the entity that it carries, and properties with `x-pii: true`. Sorted; empty when there are none. */
export function personalPaths(model: Model, message: string): readonly string[] {
  const listed = [...model.entities.values()]
    .filter((entity) => entity.event === message)
    .flatMap((entity) => entity.pii.map(({ path }) => joinPath(entity.payload, path)));
  const payload = model.messages.get(message)?.definition.payload;
  const marked =
    payload === undefined
      ? []
      : payloadFields(model, payload).flatMap(({ path, schema }) => (schema['x-pii'] === true ? [path] : []));
  return [...new Set([...listed, ...marked])].filter((path) => path !== '').sort();
}

/**
 * Services that may send a message, proven by their signatures; undefined when the contracts name none. `security` may also name schemes of a document, such as an
 * account of the broker: those are the broker's to check. A name that is neither stays in the list, so that a slip closes the edge instead of opening it. Where
 * several places speak of one message, all of them have to allow a sender.
 */
export function allowedSenders(model: Model, message: string): readonly string[] | undefined {
  const schemes = schemeNames(model);
  const lists = edgesOf(model, message)
    .map(({ allow }) => allow.filter((name) => model.services.has(name) || !schemes.has(name)))
    .filter((allow) => allow.length > 0);
  const [first, ...others] = lists;
  return first?.filter((name) => others.every((list) => list.includes(name)));
}

/** Age at which a dead letter of the message becomes an alert, in ms: the shortest that a contract asks for. */
export function alertAfterMs(model: Model, message: string): number | undefined {
  const ages = [...speakersOf(model, message)].flatMap(({ deadLetter }) => deadLetter.alertAfterMs ?? []);
  return ages.length === 0 ? undefined : Math.min(...ages);
}

function bytesMax(model: Model, message: string): number | undefined {
  const limits = [...model.events.values()]
    .filter((event) => event.message === message)
    .flatMap((event) => event.payloadMax ?? []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function edgesOf(model: Model, message: string): readonly Security[] {
  return speakersOf(model, message).flatMap(({ security }) => security ?? []);
}

/** Everything in the contracts that says something of the message. */
function speakersOf(model: Model, message: string) {
  return [
    ...[...model.entities.values()].filter((entity) => entity.event === message),
    ...[...model.events.values()].filter((event) => event.message === message),
    ...[...model.commands.values()].filter((command) => command.message === message),
  ];
}

function schemeNames(model: Model): ReadonlySet<string> {
  const names = [...model.documents.values()].flatMap((document) =>
    Object.keys(property(property(document, 'components'), 'securitySchemes') ?? {}),
  );
  return new Set(names);
}

function property(value: unknown, name: string): object | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'object' && found !== null ? found : undefined;
}
