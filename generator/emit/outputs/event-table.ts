import type { Command, DeadLetter, Model } from '../../model/types.js';
import { addressOf, commandAddress, commandQueueOf, queueOf } from '../addresses.js';
import { byText, cell, documentFile, nothing } from '../documents/document.js';
import { durationText } from '../documents/duration-text.js';
import { sourceLinks } from '../documents/source-links.js';
import { deedOf, everythingTold, type Listener, type Told } from '../documents/told.js';
import { waitText } from '../documents/wait-text.js';
import type { Emitter } from '../emitter.js';
import { markdownCellCode, markdownText } from '../names.js';

/** `docs/events.md`: every event and command, who tells it, who hears it and why; what each listener does; how it travels. */
export const eventTable: Emitter = {
  name: 'event-table',
  summary: 'events and commands with publisher, consumers, purpose, address, version, idempotency key and dead letter',
  *plan({ model }) {
    const told = everythingTold(model);
    const place = sourceLinks(model, 'events.md');
    const commands = [...model.commands.values()].sort((a, b) => byText(a.name, b.name));
    const listeners = told.flatMap((item) => item.listeners);
    const ordered = commands.flatMap((item) => [
      ...item.receivers.map((receiver) => receiver.service),
      ...(item.reply === undefined ? [] : item.senders),
    ]);
    yield documentFile(this.name, 'event-table', model, 'events.md', {
      events: told.map((item) => ({
        name: markdownText(item.name),
        publisher: markdownText(item.publisher === '' ? nothing : item.publisher),
        consumers: cell([...new Set(item.listeners.map((listener) => markdownText(listener.service)))]),
        purpose: markdownText(item.purpose ?? nothing),
        place: place(item.at),
      })),
      wire: told.map((item) => ({ name: markdownText(item.name), ...wire(model, item) })),
      listeners: told.flatMap((item) =>
        item.listeners.map((listener) => ({
          event: markdownText(item.name),
          ...listenerView(item, listener),
          place: place(listener.consumer.at),
        })),
      ),
      commands: commands.map((command) => ({ ...commandView(model, command), place: place(command.at) })),
      queues: queues(
        model,
        listeners.map((listener) => listener.service),
        ordered,
      ),
    });
  },
};

function wire(model: Model, item: Told) {
  const message = model.messages.get(item.message);
  const address = addressOf(model, item.message, item.publisher, item.entity, item.event?.channel);
  const channel = item.event?.channel ?? message?.channels[0]?.id;
  return {
    channel: channel === undefined ? nothing : markdownCellCode(channel),
    exchange: `${markdownCellCode(address.exchange.name)} (${address.exchange.kind})`,
    key: address.exchange.kind === 'fanout' ? nothing : markdownCellCode(address.key),
    version: message?.versionGiven === true ? markdownText(message.version) : '1, assumed',
    delivery: item.event?.delivery ?? 'at-least-once',
    outbox: (item.event?.outbox ?? true) ? 'yes' : '**no**',
    deadLetter: deadLetterText(item.deadLetter),
  };
}

function listenerView(item: Told, listener: Listener) {
  const { consumer } = listener;
  const prefix = listener.kind === 'copy' ? listener.entity.payload : '';
  return {
    service: markdownText(listener.service),
    does: markdownText(deedOf(listener)),
    when: consumer.when === undefined ? 'always' : markdownCellCode(consumer.when.text),
    once: onceText(item, listener),
    waits: cell(consumer.waits.map((wait) => waitText(wait, prefix))),
  };
}

/** A copy needs no key: the same message again changes nothing. */
function onceText(item: Told, listener: Listener): string {
  if (listener.kind === 'copy') return 'newest version wins';
  const key = listener.consumer.idempotencyKey ?? item.event?.idempotencyKey;
  return key === undefined ? 'message id' : markdownCellCode(key);
}

function commandView(model: Model, command: Command) {
  const message = model.messages.get(command.message);
  const address = commandAddress(model, command);
  return {
    name: markdownText(command.name),
    senders: cell(command.senders.map(markdownText)),
    receivers: cell(command.receivers.map((receiver) => markdownText(receiver.service))),
    purpose: markdownText(command.purpose ?? nothing),
    reply: markdownText(command.reply ?? nothing),
    timeout: command.timeoutMs === undefined ? nothing : durationText(command.timeoutMs),
    delay: command.delayMs === undefined ? nothing : durationText(command.delayMs),
    exchange: `${markdownCellCode(address.exchange.name)} (${address.exchange.kind})`,
    key: address.exchange.kind === 'fanout' ? nothing : markdownCellCode(address.key),
    version: message?.versionGiven === true ? markdownText(message.version) : '1, assumed',
    once: command.idempotencyKey === undefined ? 'message id' : markdownCellCode(command.idempotencyKey),
    deadLetter: deadLetterText(command.deadLetter),
  };
}

function deadLetterText(rule: DeadLetter): string {
  if (!rule.enabled) return '**off**';
  const tries = `after ${rule.maxDeliveries} deliveries${rule.given ? '' : ', by default'}`;
  const alert = rule.alertAfterMs === undefined ? [] : [`alert after ${durationText(rule.alertAfterMs)}`];
  const kept = rule.retentionMs === undefined ? [] : [`kept ${durationText(rule.retentionMs)}`];
  return cell([tries, ...alert, ...kept]);
}

/** One queue for each service that listens, and one for each that carries out commands or gets answers: everything it hears stands in one line. */
function queues(model: Model, listening: readonly string[], ordered: readonly string[]) {
  const each = (services: readonly string[], namesOf: typeof queueOf) =>
    [...new Set(services)].map((service) => ({ service, ...namesOf(model, service) }));
  return [...each(listening, queueOf), ...each(ordered, commandQueueOf)]
    .sort((a, b) => byText(a.service, b.service))
    .map(({ service, name, deadLetter }) => ({
      service: markdownText(service),
      name: markdownCellCode(name),
      deadLetter: markdownCellCode(deadLetter),
    }));
}
