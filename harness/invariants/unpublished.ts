import type { OwnedDefinition } from '../../runtime/definition.js';
import type { Run } from '../history.js';
import type { ChangeStep } from '../plan.js';
import type { Subject } from '../subject.js';
import type { Violation } from './invariant.js';
import { publishedIn } from './messages.js';
import { type Owned, payloadOfOwned } from './owned-payload.js';
import { entityPlace } from './places.js';

/** Changes and messages that a transaction committed and that never left. */
export function* unpublished(run: Run, subject: Subject, invariant: string): Iterable<Violation> {
  const left = publishedIn(run);
  const endMs = run.happenings.at(-1)?.at ?? 0;
  const waiting = (service: string): boolean => (run.end.services.get(service)?.outbox ?? 0) > 0;
  for (const happening of run.happenings) {
    if (happening.kind !== 'promised' || left.has(happening.messageId) || waiting(happening.service)) continue;
    if ((happening.dueAtMs ?? 0) > endMs) continue;
    const sentence = `A ${happening.type} was committed and never left.`;
    yield { invariant, sentence, at: happening, service: happening.service };
  }
  for (const [service, changes] of changesIn(run)) {
    if (waiting(service)) continue;
    const untold = lastUntold(run, subject, service, changes);
    if (untold === undefined) continue;
    const sentence = `A change of ${untold.entity} was committed and nobody was told.`;
    yield { invariant, sentence, at: untold, service, ...entityPlace(subject, untold.entity) };
  }
}

/** Changes of each entity, by owner, in the order of their commits. */
function changesIn(run: Run): readonly (readonly [string, readonly Owned[]])[] {
  const found = new Map<string, { readonly service: string; readonly changes: Owned[] }>();
  for (const happening of run.happenings) {
    if (happening.kind !== 'owned') continue;
    const { service, entity, id } = happening;
    const key = `${service}\n${entity}\n${id}`;
    const known = found.get(key) ?? { service, changes: [] };
    found.set(key, known);
    known.changes.push(happening);
  }
  return [...found.values()].map(({ service, changes }) => [service, changes] as const);
}

/** The last change that had to be told, when neither it nor a newer one was. */
function lastUntold(run: Run, subject: Subject, service: string, changes: readonly Owned[]): Owned | undefined {
  const entity = changes[0]?.entity ?? '';
  const definition = subject.services.get(service)?.definition.owned[entity];
  if (definition === undefined || !definition.outbox) return undefined;
  const index = changes.findLastIndex((change, at) => isTold(run, definition, change, changes[at - 1]));
  const last = changes[index];
  if (last === undefined) return undefined;
  const told = [...publishedIn(run).values()].some(
    ({ envelope, type, step }) =>
      (envelope?.type === definition.message.name &&
        envelope.subject === last.id &&
        BigInt(envelope.sequence ?? 0) >= last.version.sequence) ||
      // What nobody can read has left all the same.
      (type === definition.message.name && step === last.step),
  );
  return told ? undefined : last;
}

/** Whether the contract wants a change told: not when the plan or `publish_when` holds it back. */
function isTold(run: Run, definition: OwnedDefinition, change: Owned, before: Owned | undefined): boolean {
  const step = run.plan.steps.find((one): one is ChangeStep => one.id === change.step && one.do === 'change');
  if (step === undefined || step.silent === true) return false;
  if (definition.publishWhen === undefined) return true;
  const payload = payloadOfOwned(definition, change, step.op);
  const previous = before === undefined || before.deleted ? null : before.state;
  try {
    return definition.publishWhen(payload, previous);
  } catch {
    return false;
  }
}
