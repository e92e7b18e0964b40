import { createService } from '../../runtime/service.js';
import type { ServiceCode, Subject } from '../subject.js';
import { withoutOwnWork } from '../world/roles.js';

/**
 * The subject with handlers that do nothing, so that it needs no SQL: whether a handler is called once per message that counts is the runtime's promise,
 * whatever the handler does.
 */
export function withIdleHandlers(subject: Subject): Subject {
  const { code } = subject;
  if (code.definition.effects.length === 0) return subject;
  const definition = withoutOwnWork(code.definition);
  const handlers = Object.fromEntries(code.definition.effects.map(({ handler }) => [handler, async () => {}]));
  const idle: ServiceCode = {
    ...code,
    create: (options) => ({ service: createService(definition, { ...options, handlers }) }),
  };
  return { ...subject, code: idle, services: new Map([...subject.services, [code.name, idle]]) };
}
