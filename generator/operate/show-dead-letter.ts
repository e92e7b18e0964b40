import type { Consumer } from '../../runtime/consume/consumer.js';
import { foresee } from '../../runtime/consume/foresee.js';
import { problemsOf } from '../../runtime/consume/validate.js';
import type { Stored } from '../../runtime/guard.js';
import { decodeHeaderValue } from '../../runtime/header-value.js';
import { redact, redactText } from '../../runtime/redact.js';
import { readPayload } from '../../runtime/wire.js';
import { messageFacts } from '../emit/message-facts.js';
import type { Model } from '../model/types.js';
import type { DeadLetter } from './dead-letters.js';
import { partsOf, type RunningSystem, serviceNamed } from './system.js';

/** A dead letter in full, and what would become of it now. */
export interface ShownDeadLetter {
  readonly letter: DeadLetter;
  /** Decoded. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload; text where it is no JSON. Personal values of the contract are replaced unless they were asked for. */
  readonly body: unknown;
  /** True when something was replaced. */
  readonly redacted: boolean;
  readonly traceId?: string;
  readonly outlooks: readonly Outlook[];
  /** Why nobody can say what a replay would do, such as a database that is away. */
  readonly unknown?: string;
}

/** What a replay would do at one consumer. */
export interface Outlook {
  readonly consumer: string;
  /** `applied`, `stale`, `duplicate`, `filtered`, `parked`, `dead: …`, or `handle` when the handler would run again. */
  readonly verdict: string;
  /** Version that the consumer has of the entity now: `<epoch>/<sequence>`, absent when it has none. */
  readonly has?: string;
  readonly deleted?: boolean;
}

/** Decodes, redacts and judges a dead letter. */
export async function showDeadLetter(
  system: RunningSystem,
  letter: DeadLetter,
  { reveal }: { readonly reveal: boolean },
): Promise<ShownDeadLetter> {
  const payload = readPayload(letter.wire);
  const paths = reveal ? undefined : personalPaths(system.model, letter);
  const value = payload.ok ? payload.value : new TextDecoder().decode(letter.wire.body);
  // Of a body that nobody can read nobody knows what in it is personal.
  const body = payload.ok || reveal ? redact(paths, value) : `${letter.wire.body.byteLength} bytes`;
  const clean = (text: string): string => redactText(paths, value, text);
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(letter.envelope?.traceparent ?? '')?.[1];
  const headers = Object.fromEntries(
    Object.entries(letter.wire.headers).map(([name, text]) => [name, clean(decodeHeaderValue(text) ?? text)]),
  );
  return {
    letter: cleaned(letter, clean),
    headers,
    body,
    redacted: !reveal && (!payload.ok || JSON.stringify(body) !== JSON.stringify(value)),
    ...(traceId !== undefined && { traceId }),
    ...(await outlooks(system, letter)),
  };
}

/** A dead letter whose errors quote no personal value. */
export function cleanedLetter(model: Model, letter: DeadLetter): DeadLetter {
  const paths = personalPaths(model, letter);
  return cleaned(letter, (text) => redactText(paths, letter.envelope?.data, text));
}

function personalPaths(model: Model, { message }: DeadLetter): readonly string[] | undefined {
  return message === undefined ? undefined : messageFacts(model, message).redact;
}

/** Errors may quote the values they fell over. */
function cleaned(letter: DeadLetter, clean: (text: string) => string): DeadLetter {
  const { firstError, lastError, detail } = letter;
  return {
    ...letter,
    ...(firstError !== undefined && { firstError: clean(firstError) }),
    ...(lastError !== undefined && { lastError: clean(lastError) }),
    ...(detail !== undefined && { detail: clean(detail) }),
  };
}

async function outlooks(
  system: RunningSystem,
  letter: DeadLetter,
): Promise<Pick<ShownDeadLetter, 'outlooks' | 'unknown'>> {
  if (letter.envelope === undefined) return { outlooks: [] };
  const service = serviceNamed(system, letter.service);
  const aimed = service.consumers.filter(
    ({ definition }) =>
      definition.message.name === letter.message &&
      (letter.consumers.length === 0 || letter.consumers.includes(definition.name)),
  );
  try {
    const found: Outlook[] = [];
    for (const consumer of aimed) found.push(await outlookOf(system, letter, consumer));
    return { outlooks: found };
  } catch (error) {
    return { outlooks: [], unknown: error instanceof Error ? error.message : String(error) };
  }
}

async function outlookOf(system: RunningSystem, letter: DeadLetter, consumer: Consumer): Promise<Outlook> {
  const { envelope, wire } = letter;
  const { name, message } = consumer.definition;
  if (envelope === undefined) return { consumer: name, verdict: 'dead: undecodable' };
  const problems = problemsOf(message, envelope.data);
  if (problems !== undefined) return { consumer: name, verdict: 'dead: schema-invalid' };
  const service = serviceNamed(system, letter.service);
  const verdict = await foresee(partsOf(system, service), consumer, { envelope, wire, attempt: 1 });
  const stored = await storedOf(system, letter, consumer);
  return {
    consumer: name,
    verdict: wordOf(verdict),
    ...(stored !== undefined && { has: versionText(stored), deleted: stored.deleted }),
  };
}

function wordOf(verdict: Awaited<ReturnType<typeof foresee>>): string {
  if (verdict === 'handle') return 'handle';
  if (verdict.kind === 'done') return verdict.outcome;
  return verdict.kind === 'dead' ? `dead: ${verdict.reason}` : verdict.kind;
}

function storedOf(system: RunningSystem, letter: DeadLetter, consumer: Consumer): Promise<Stored | undefined> {
  const service = serviceNamed(system, letter.service);
  const data = letter.envelope?.data;
  if (consumer.kind === 'replica') {
    const { table, key } = consumer.definition;
    return service.read((tx) => tx.replicaVersion(table, key(data)));
  }
  const { guard, name } = consumer.definition;
  return guard === undefined
    ? Promise.resolve(undefined)
    : service.read((tx) => tx.guardVersion(name, guard.entity, guard.key(data)));
}

/** `<epoch>/<sequence>`, the tie-breaker left out: it is a message id. */
export function versionText({ version }: Pick<Stored, 'version'>): string {
  return `${version.epoch}/${version.sequence}`;
}
