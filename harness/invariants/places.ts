import type { Position } from '../../generator/diagnostics/position.js';
import type { Subject } from '../subject.js';

/** Where the contract says that a service keeps a copy of an entity. */
export function copyPlace(subject: Subject, service: string, entity: string): { readonly contract?: Position } {
  const declared = subject.model.entities.get(entity);
  const contract = declared?.consumers.find((consumer) => consumer.service === service)?.at ?? declared?.at;
  return contract === undefined ? {} : { contract };
}

/** Where the contract says that a service takes a message: as a copy, or with a handler. */
export function consumerPlace(subject: Subject, service: string, message: string): { readonly contract?: Position } {
  const entity = [...subject.model.entities.values()].find(({ event }) => event === message);
  if (entity !== undefined) return copyPlace(subject, service, entity.name);
  const event = [...subject.model.events.values()].find((one) => one.message === message);
  const contract = event?.consumers.find((consumer) => consumer.service === service)?.at ?? event?.at;
  return contract === undefined ? {} : { contract };
}

/** Where the contract declares an entity. */
export function entityPlace(subject: Subject, entity: string): { readonly contract?: Position } {
  const contract = subject.model.entities.get(entity)?.at;
  return contract === undefined ? {} : { contract };
}
