import type { WireMessage } from '../../runtime/envelope.js';
import type { PlannedFault } from '../plan.js';
import type { Hooks } from '../world/hooks.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

/** A fault of a message: what leaves a service is something else than it meant. */
export interface Rewritten extends PlannedFault {
  readonly step: string;
  /** Service that sends it. */
  readonly of: string;
}

/** A fault that changes one message on its way out, each time that it is sent. */
export function rewriting<Planned extends Rewritten>(about: {
  readonly id: Planned['fault'];
  readonly title: string;
  readonly words: (planned: Planned) => string;
  readonly change: (message: WireMessage, planned: Planned) => WireMessage;
  readonly fields?: Parameters<typeof refuseFields>[1];
}): Fault<Planned> {
  const { id, title, words, change, fields } = about;
  return {
    id,
    title,
    refuse: (planned) => refuseFields(planned, { step: 'string', of: 'string', ...fields }),
    words,
    install(planned: Planned, hooks: Hooks) {
      hooks.onPublish(({ service, step, message }) => {
        if (service !== planned.of || step !== planned.step) return undefined;
        hooks.struck(id, words(planned), { service, step });
        return { replace: change(message, planned) };
      });
    },
  };
}

export function withHeaders(message: WireMessage, headers: Readonly<Record<string, string>>): WireMessage {
  return { ...message, headers: { ...message.headers, ...headers } };
}

export function withBody(message: WireMessage, text: string): WireMessage {
  return { ...message, body: new TextEncoder().encode(text) };
}

export function bodyOf({ body }: WireMessage): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}
