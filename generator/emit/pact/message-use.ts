import type { Entity, Event, Expression, Message, Model } from '../../model/types.js';

/** A message as one consumer takes it from one provider. */
export interface MessageUse {
  readonly message: Message;
  readonly provider: string;
  readonly consumer: string;
  /** The entity whose changes it tells. */
  readonly entity?: Entity;
  readonly event?: Event;
  /** All hold for what the consumer acts on; each speaks of the entity as `entityData`. */
  readonly conditions: readonly Expression[];
  /** Contract file that says so. */
  readonly source: string;
}

/** Every message of the system with everyone who takes it. One that a service takes as a copy and as an event comes once. */
export function messageUses(model: Model): readonly MessageUse[] {
  const found = new Map<string, MessageUse>();
  const add = (name: string | undefined, use: Omit<MessageUse, 'message'>): void => {
    const message = name === undefined ? undefined : model.messages.get(name);
    if (message?.definition.payload === undefined || use.provider === '' || use.provider === use.consumer) return;
    const key = JSON.stringify([use.provider, use.consumer, message.name]);
    const known = found.get(key);
    const conditions = [...(known?.conditions ?? []), ...use.conditions];
    found.set(key, { ...use, ...known, message, conditions });
  };
  for (const entity of model.entities.values()) {
    for (const { service, when, at } of entity.consumers) {
      const conditions = [entity.publishWhen, when].filter((each) => each !== undefined);
      add(entity.event, { provider: entity.owner, consumer: service, entity, conditions, source: at.file });
    }
  }
  const told = new Map([...model.entities.values()].map((entity) => [entity.event, entity]));
  for (const event of model.events.values()) {
    const entity = told.get(event.message);
    for (const { service, when, at } of event.consumers) {
      const conditions = [entity?.publishWhen, when].filter((each) => each !== undefined);
      const use = { provider: event.publisher, consumer: service, event, conditions, source: at.file };
      add(event.message, { ...use, ...(entity && { entity }) });
    }
  }
  for (const command of model.commands.values()) {
    for (const provider of command.senders) {
      for (const { service, at } of command.receivers) {
        add(command.message, { provider, consumer: service, conditions: [], source: at.file });
        // Its answer goes the other way.
        add(command.reply, { provider: service, consumer: provider, conditions: [], source: command.at.file });
      }
    }
  }
  return [...found.values()];
}
