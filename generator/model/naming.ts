import type { Settings } from '../load/documents.js';

const defaults = {
  exchange: '{system}.events',
  commands: '{system}.commands',
  routing_key: '{service}.{message}',
  queue: '{service}.events',
  dead_letter: '{queue}.dlq',
  retry: '{queue}.retry.{delay}',
  topic: '{system}.{service}.events',
} as const;

/** `dead_letter_exchange` has no default: without it dead letters need no exchange of their own. */
export type NamePattern = keyof typeof defaults | 'dead_letter_exchange';

/** Fills a naming pattern of the workspace, such as `{service}.events`; an unknown `{word}` stays as it is, for a rule to find. */
export function brokerName(settings: Settings, pattern: NamePattern, values: Readonly<Record<string, string>>): string {
  const text = settings.naming[pattern] ?? (pattern === 'dead_letter_exchange' ? '' : defaults[pattern]);
  return text.replace(/\{(\w+)\}/g, (whole, word: string) =>
    Object.hasOwn(values, word) ? (values[word] ?? whole) : whole,
  );
}

/** Queue in which a service finds the commands that it carries out and the answers to its own; also the routing key of both. */
export function commandQueueName(service: string): string {
  return `${service}.commands`;
}

/** `InvoiceCreatedEvent` -> `invoice-created-event`, for keys and file names. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
