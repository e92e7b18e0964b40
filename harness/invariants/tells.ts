import type { OutgoingDefinition, OwnedDefinition } from '../../runtime/definition.js';
import { outgoingOf, type Subject } from '../subject.js';

/** What a service may tell by a message: changes of an entity of its own, or a fact; undefined when its contracts give it no such message. */
export function tellsOf(
  subject: Subject,
  service: string,
  message: string,
): { readonly owned?: OwnedDefinition; readonly published?: OutgoingDefinition } | undefined {
  const definition = subject.services.get(service)?.definition;
  if (definition === undefined) return undefined;
  const owned = Object.values(definition.owned).find((one) => one.message.name === message);
  if (owned !== undefined) return { owned };
  const published = Object.values(outgoingOf(definition)).find((one) => one.message.name === message);
  return published && { published };
}

/** Whether any contract of the system knows a message; the runtime's own requests are in none. */
export function isContracted(subject: Subject, message: string): boolean {
  return [...subject.services.keys()].some((service) => tellsOf(subject, service, message) !== undefined);
}
