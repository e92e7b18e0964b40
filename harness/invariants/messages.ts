import { topicMatches } from '../../runtime/brokers/topic-match.js';
import type {
  EffectDefinition,
  MessageDefinition,
  ReplicaDefinition,
  ServiceDefinition,
} from '../../runtime/definition.js';
import { queuesOf } from '../../runtime/service-queue.js';
import type { Happening, Run } from '../history.js';
import type { Subject } from '../subject.js';

export type Published = Extract<Happening, { readonly kind: 'published' }>;

/** Messages that the broker has taken, by id, each as it was taken first. */
export function publishedIn(run: Run): ReadonlyMap<string, Published> {
  const known = published.get(run);
  if (known !== undefined) return known;
  const found = new Map<string, Published>();
  for (const happening of run.happenings) {
    if (happening.kind === 'published' && !found.has(happening.messageId)) found.set(happening.messageId, happening);
  }
  published.set(run, found);
  return found;
}

const published = new WeakMap<Run, ReadonlyMap<string, Published>>();

/** A consumer that takes part in a run. */
export type Consumer =
  | { readonly kind: 'copy'; readonly as: string; readonly definition: ReplicaDefinition }
  | { readonly kind: 'effect'; readonly definition: EffectDefinition };

/** Services of a run that take messages, each with its consumers: followers keep their copies, only the service under test has its handlers. */
export function consumersIn(
  run: Run,
  subject: Subject,
): readonly {
  readonly service: string;
  readonly definition: ServiceDefinition;
  readonly consumers: readonly Consumer[];
}[] {
  return [...run.end.services.keys()].flatMap((service) => {
    const definition = subject.services.get(service)?.definition;
    if (definition === undefined || !queuesOf(definition).some(({ name }) => run.end.queues.has(name))) return [];
    const copies = Object.entries(definition.copies).map(([as, copy]) => ({
      kind: 'copy' as const,
      as,
      definition: copy,
    }));
    const effects = service === subject.name ? definition.effects : [];
    const consumers = [...copies, ...effects.map((effect) => ({ kind: 'effect' as const, definition: effect }))];
    return [{ service, definition, consumers }];
  });
}

/** Whether a message that was published to an address reaches a queue of a service. */
export function reaches(
  definition: ServiceDefinition,
  { exchange, key }: Pick<Published, 'exchange' | 'key'>,
): boolean {
  const queues = queuesOf(definition);
  if (exchange === '') return queues.some(({ name }) => name === key);
  const kind = definition.topology.exchanges.find(({ name }) => name === exchange)?.kind;
  const bindings = queues.flatMap((queue) => queue.bindings);
  return bindings.some(
    (binding) =>
      binding.exchange === exchange &&
      (kind === 'fanout' || (kind === 'topic' ? topicMatches(binding.key, key) : binding.key === key)),
  );
}

/** Whether a payload keeps its contract; validators of recursive schemas may give up on deep ones. */
export function isValid(message: MessageDefinition, payload: unknown): boolean {
  try {
    return message.validate(payload);
  } catch {
    return false;
  }
}

/** Message ids in the dead letters of a service. */
export function deadIn(run: Run, service: string): ReadonlySet<string> {
  return new Set(
    run.end.deadLetters.filter((letter) => letter.service === service).map(({ messageId }) => messageId ?? ''),
  );
}

/** Whether a service still has something to take: what became of its messages nobody knows yet. */
export function isBusy(run: Run, definition: ServiceDefinition): boolean {
  return queuesOf(definition).some(({ name }) => {
    const depth = run.end.queues.get(name);
    return depth !== undefined && depth.ready + depth.inFlight + depth.delayed > 0;
  });
}
