import type { MessageDefinition } from '../../runtime/definition.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { messageType } from '../../runtime/wire.js';
import type { Subject } from '../subject.js';
import type { Create, Place } from './mutant.js';
import { onBroker } from './ports.js';

/** A mistake in the body of each message that a service sends. `change` answers the body as text; undefined leaves the message as it is. */
export function onPayload(
  change: (data: unknown, message: MessageDefinition) => string | undefined,
): (create: Create, place: Place) => Create {
  return (create, { subject }) =>
    onBroker((broker) => ({
      publish(address, message) {
        const text = changedText(subject, message, change);
        const body = text === undefined ? message.body : new TextEncoder().encode(text);
        return broker.publish(address, { ...message, body });
      },
    }))(create);
}

function changedText(
  subject: Subject,
  wire: WireMessage,
  change: (data: unknown, message: MessageDefinition) => string | undefined,
): string | undefined {
  const message = messageNamed(subject, messageType(wire));
  return message && change(JSON.parse(new TextDecoder().decode(wire.body)), message);
}

/** A message by its name, as whoever sends or takes it knows it. */
export function messageNamed(subject: Subject, name: string | undefined): MessageDefinition | undefined {
  for (const { definition } of subject.services.values()) {
    const { owned, publishes, copies, effects } = definition;
    const all = [owned, publishes, copies].flatMap((group) => Object.values(group));
    const found = [...all, ...effects].find(({ message }) => message.name === name);
    if (found !== undefined) return found.message;
  }
  return undefined;
}

/** The first property, deepest first, whose change is a breach of the contract: the changed body as text. */
export function firstBreach(
  data: unknown,
  { validate }: MessageDefinition,
  change: (owner: Record<string, unknown>, name: string) => void,
  mayStrike: (path: readonly string[]) => boolean = () => true,
): string | undefined {
  for (const path of pathsOf(data)) {
    if (!mayStrike(path)) continue;
    const copy: unknown = structuredClone(data);
    const owner = path.slice(0, -1).reduce<unknown>((at, name) => Reflect.get(Object(at), name), copy);
    change(owner as Record<string, unknown>, path.at(-1) ?? '');
    if (!validate(copy)) return JSON.stringify(copy);
  }
  return undefined;
}

/** Paths of all properties of an object, those of the objects in it first. */
function pathsOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const own = Object.entries(value);
  return [
    ...own.flatMap(([name, inner]) => pathsOf(inner).map((path) => [name, ...path])),
    ...own.map(([name]) => [name]),
  ];
}

/** Whether a body stays valid when a property is left out. */
export function mayBeAbsent(data: unknown, { validate }: MessageDefinition, path: readonly string[]): boolean {
  const copy: unknown = structuredClone(data);
  const owner = path.slice(0, -1).reduce<unknown>((at, name) => Reflect.get(Object(at), name), copy);
  Reflect.deleteProperty(Object(owner), path.at(-1) ?? '');
  return validate(copy);
}
