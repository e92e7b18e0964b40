import type { EffectDefinition, MessageDefinition, ReplicaDefinition } from '../../runtime/definition.js';
import type { Run } from '../history.js';
import type { Violation } from '../invariants/invariant.js';
import { publishedIn } from '../invariants/messages.js';
import { consumerPlace } from '../invariants/places.js';
import { invariants } from '../invariants/registry.js';
import type { ServiceCode, Subject } from '../subject.js';
import type { Cast } from './cast.js';
import type { MixedEdge } from './edges.js';
import type { MixedPlan } from './plan.js';
import type { MixedRun } from './play.js';
import { complaintOf } from './refusal.js';
import type { Revisions, Version } from './revisions.js';
import { understanding } from './understanding.js';

const counted: ReadonlySet<string> = new Set([
  'nothing-lost',
  'converged',
  'deleted-stays-deleted',
  'version-never-goes-back',
  'comes-to-rest',
]);

/** Promises that are checked where revisions are mixed. */
export const mixedInvariants: readonly string[] = [understanding.id, ...counted];

/** What a run of two revisions broke on its edge. Every message is judged by the definition of the revision that took it. */
export function mixedViolations(
  revisions: Revisions,
  edge: MixedEdge,
  { told }: MixedPlan,
  { run, cast }: MixedRun,
): readonly Violation[] {
  const subject = judging(revisions, edge, run, cast);
  const found = invariants.filter(({ id }) => counted.has(id)).flatMap((one) => [...one.check(run, subject)]);
  const own = found.filter(
    ({ service, at }) => service === edge.to && (at?.step === undefined || told.includes(at.step)),
  );
  return [...misunderstood(revisions, edge, told, run, cast), ...own];
}

/** Messages of the edge that the reader put into its dead letters, or does not know at all. */
function* misunderstood(
  revisions: Revisions,
  edge: MixedEdge,
  told: readonly string[],
  run: Run,
  cast: Cast,
): Iterable<Violation> {
  const published = publishedIn(run);
  const facts = {
    ...{ invariant: understanding.id, service: edge.to },
    ...consumerPlace(revisions.new.subject(edge.to), edge.to, edge.new.message),
  };
  for (const letter of run.end.deadLetters) {
    if (letter.service !== edge.to || letter.step === undefined || !told.includes(letter.step)) continue;
    const index = run.happenings.findLastIndex(
      (one) => one.kind === 'settled' && one.how === 'dead-lettered' && one.messageId === letter.messageId,
    );
    const at = run.happenings[index];
    const reader = cast.runs(edge.to, index < 0 ? undefined : index);
    const sent = published.get(letter.messageId ?? '');
    const writer = cast.runs(edge.from, sent === undefined ? undefined : run.happenings.indexOf(sent));
    const { message } = edge[reader];
    const why = complaintOf(edge[reader].consumer?.message, letter, sent?.envelope?.data);
    const sentence = `The ${reader} ${edge.to} refuses ${why.what} of ${message} as the ${writer} ${edge.from} tells it: ${why.reason}.`;
    yield { ...facts, ...(at && { at }), sentence, ...why.values };
  }
  for (const sent of published.values()) {
    if (sent.service !== edge.from || sent.step === undefined || !told.includes(sent.step)) continue;
    const index = run.happenings.indexOf(sent);
    const { message } = edge[tookAt(edge, run, cast).get(sent.messageId) ?? cast.runs(edge.to)];
    if (sent.type === message || sent.envelope === undefined) continue;
    const sentence = `The ${cast.runs(edge.from, index)} ${edge.from} tells ${sent.type}, and the ${cast.runs(edge.to)} ${edge.to} knows only ${message}.`;
    yield { ...facts, at: sent, sentence, expected: message, actual: sent.type };
  }
}

/** Revision of the reader that decided about a message, by message id: the one that did what it says, else the one that looked at it last. */
function tookAt(edge: MixedEdge, run: Run, cast: Cast): ReadonlyMap<string, Version> {
  const known = deciders.get(run);
  if (known !== undefined) return known;
  const did = new Map<string, Version>();
  const looked = new Map<string, Version>();
  for (const [index, one] of run.happenings.entries()) {
    if (one.service !== edge.to || !('messageId' in one) || one.messageId === undefined) continue;
    const version = cast.runs(edge.to, index);
    if (one.kind === 'copied' || one.kind === 'handled') did.set(one.messageId, version);
    else if (one.kind === 'dropped' || one.kind === 'settled') looked.set(one.messageId, version);
  }
  const found = new Map([...looked, ...did]);
  deciders.set(run, found);
  return found;
}

const deciders = new WeakMap<Run, ReadonlyMap<string, Version>>();

/** The reader with definitions that look up who took a message before they say anything about it. */
function judging(revisions: Revisions, edge: MixedEdge, run: Run, cast: Cast): Subject {
  const took = tookAt(edge, run, cast);
  const last = cast.runs(edge.to);
  const byData = new Map<unknown, Version>();
  for (const { envelope, messageId } of publishedIn(run).values())
    if (envelope !== undefined) byData.set(envelope.data, took.get(messageId) ?? last);
  const code = revisions[last].services.get(edge.to) as ServiceCode;
  const versionOf = (data: unknown): Version => byData.get(data) ?? last;
  const definitionIn = (version: Version) => revisions[version].services.get(edge.to)?.definition;
  const copies = Object.entries(code.definition.copies).map(([as, copy]) => {
    const by = (data: unknown): ReplicaDefinition => definitionIn(versionOf(data))?.copies[as] ?? copy;
    return [as, judgingCopy(copy, by)] as const;
  });
  const effects = code.definition.effects.map((effect) => {
    const by = (data: unknown): EffectDefinition =>
      definitionIn(versionOf(data))?.effects.find(({ name }) => name === effect.name) ?? effect;
    return judgingEffect(effect, by);
  });
  const definition = { ...code.definition, copies: Object.fromEntries(copies), effects };
  const judged = { ...code, definition };
  return { ...cast.subject, code: judged, services: new Map([...cast.subject.services, [edge.to, judged]]) };
}

function judgingCopy(copy: ReplicaDefinition, by: (data: unknown) => ReplicaDefinition): ReplicaDefinition {
  return {
    ...copy,
    message: judgingMessage(copy.message, by),
    key: (data) => by(data).key(data),
    deleted: (data, op) => by(data).deleted(data, op),
    when: (data) => by(data).when?.(data) !== false,
    // A row that another revision wrote is read by the columns of the last one.
    fields: (data) => onlyColumns(copy, by(data).fields(data)),
  };
}

function onlyColumns({ table }: ReplicaDefinition, row: object): object {
  const columns = new Set(table.columns.map(({ field }) => field));
  return Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name)));
}

function judgingEffect(effect: EffectDefinition, by: (data: unknown) => EffectDefinition): EffectDefinition {
  return {
    ...effect,
    message: judgingMessage(effect.message, by),
    when: (data) => by(data).when?.(data) !== false,
  };
}

function judgingMessage(
  message: MessageDefinition,
  by: (data: unknown) => { readonly message: MessageDefinition },
): MessageDefinition {
  const validate = ((data: unknown) => by(data).message.validate(data)) as MessageDefinition['validate'];
  return { ...message, validate };
}
