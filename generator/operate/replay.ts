import type { Queue } from '../../runtime/brokers/broker.js';
import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import { failureHeaders } from '../../runtime/consume/dead-letter.js';
import { readReplayReport, replayHeader, replayNote } from '../../runtime/consume/replay-report.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { SeamwrightError } from '../../runtime/errors.js';
import { instantNanoseconds } from '../../runtime/instant.js';
import { purgedNote } from '../../runtime/purge.js';
import { type DeadLetter, type DeadLetterFilter, matches, readDeadLetter, servicesOf } from './dead-letters.js';
import type { RunningService, RunningSystem } from './system.js';

export interface ReplayOptions {
  /** At most so many a second; absent = as fast as the broker confirms. */
  readonly perSecond?: number;
  /** Replays also what is older than the service's memory of what it has handled. */
  readonly force?: boolean;
  /** At most so many messages. */
  readonly limit?: number;
  /** How long to wait for what becomes of them, after the last one was sent. */
  readonly waitMs: number;
  /** Stops between two messages; what was sent stays sent, nothing is lost. */
  readonly signal?: AbortSignal;
}

/** What became of a replayed dead letter. */
export interface Replayed {
  readonly letter: DeadLetter;
  /**
   * By consumer, or one word for the message: `applied`, `reapplied`, `stale`, `duplicate`, `filtered`, `parked`, `dead: <reason>` (it is in the dead
   * letters again), `failed: <error>` (it is being tried again), `queued` (nobody has taken it yet), `nobody consumes` (it waits in the queue), `taken`
   * (no report came, it is no longer in the queue), `refused: <why>` (it was left where it was).
   */
  readonly outcomes: Readonly<Record<string, string>>;
}

/**
 * Sends dead letters back to the queue they failed in, never to the exchange: other services had them. A message keeps its id and, when it failed at some
 * consumers only, goes to those alone; it leaves the dead letters after the broker has confirmed it. A crash in between leaves it in both places,
 * which the inbox or the guard of its consumer settles.
 *
 * Then waits for the word of each consumer. Rejects with `UnavailableError` when the broker goes away; what was sent until then is sent.
 */
export async function replayDeadLetters(
  system: RunningSystem,
  filter: DeadLetterFilter,
  options: ReplayOptions,
): Promise<readonly Replayed[]> {
  const run = system.random.uuid();
  const sent: Sent[] = [];
  const refused: Replayed[] = [];
  for (const service of servicesOf(system, filter)) {
    const watermark = options.force === true ? undefined : await purgedBefore(service);
    for (const queue of service.queues) {
      if (stopped(options, sent.length)) break;
      if ((await system.broker.admin.depth(queue)) === null) continue;
      await system.broker.admin.sweepDeadLetters(queue, async (wire) => {
        if (stopped(options, sent.length)) return 'keep';
        const letter = readDeadLetter(service, queue, wire);
        // What this very run sent and got back must not be sent again.
        if (!matches(letter, filter) || wire.headers[replayHeader]?.startsWith(run)) return 'keep';
        if (isOlder(letter, watermark)) {
          refused.push({ letter, outcomes: { [letter.service]: tooOld } });
          return 'keep';
        }
        const token = `${run}-${sent.length}`;
        await pause(system, options, sent.length);
        await system.broker.publish(addressOf(letter), replayedForm(wire, token));
        sent.push({ letter, service, queue, token });
        return 'remove';
      });
    }
  }
  return [...refused, ...(await outcomesOf(system, sent, options))];
}

const tooOld = 'refused: older than what the service remembers having handled; it might be applied twice';

interface Sent {
  readonly letter: DeadLetter;
  readonly service: RunningService;
  readonly queue: Queue;
  readonly token: string;
}

function stopped({ signal, limit }: ReplayOptions, sent: number): boolean {
  return signal?.aborted === true || (limit !== undefined && sent >= limit);
}

async function pause({ clock }: RunningSystem, { perSecond, signal }: ReplayOptions, sent: number): Promise<void> {
  // An interruption while waiting is seen before the next message.
  if (perSecond !== undefined && sent > 0) await clock.sleep(1000 / perSecond, signal).catch(() => {});
}

function addressOf({ queue, envelope }: DeadLetter) {
  const partitionKey = envelope?.partitionkey ?? envelope?.subject;
  return { exchange: '', key: queue.name, ...(partitionKey !== undefined && { partitionKey }) };
}

/** The message as it first came, aimed at those who could not take it. */
function replayedForm(wire: WireMessage, token: string): WireMessage {
  const { consumer, ...others } = failureHeaders;
  const gone = new Set<string>([...Object.values(deadLetterHeaders), ...Object.values(others), replayHeader]);
  const kept = Object.entries(wire.headers).filter(([name]) => !gone.has(name));
  return { headers: { ...Object.fromEntries(kept), [replayHeader]: token }, body: wire.body };
}

/** Instant before which the service has forgotten what it handled, ms since the epoch. */
async function purgedBefore(service: RunningService): Promise<number | undefined> {
  try {
    const note = await service.read((tx) => tx.note(purgedNote));
    const instant = note === null ? Number.NaN : Number(note);
    return Number.isFinite(instant) ? instant : undefined;
  } catch (error) {
    if (error instanceof SeamwrightError) return undefined;
    throw error;
  }
}

function isOlder({ envelope }: DeadLetter, watermark: number | undefined): boolean {
  if (watermark === undefined || envelope === undefined) return false;
  const nanoseconds = instantNanoseconds(envelope.time);
  return nanoseconds !== undefined && Number(nanoseconds / 1_000_000n) < watermark;
}

async function outcomesOf(
  system: RunningSystem,
  sent: readonly Sent[],
  { waitMs, signal }: ReplayOptions,
): Promise<readonly Replayed[]> {
  const until = system.clock.now() + waitMs;
  const known = new Map<Sent, Replayed['outcomes']>();
  for (;;) {
    await look(system, sent, known);
    const open = sent.filter((one) => !isFinal(one, known.get(one)));
    if (open.length === 0 || system.clock.now() >= until || signal?.aborted === true) break;
    await system.clock.sleep(pollMs, signal).catch(() => {});
  }
  for (const one of sent) await strikeOut(one);
  return sent.map((one) => {
    const outcomes = known.get(one) ?? { [one.letter.service]: 'queued' };
    return {
      letter: one.letter,
      outcomes: outcomes[one.letter.service] === 'leaving' ? { [one.letter.service]: 'taken' } : outcomes,
    };
  });
}

const pollMs = 100;

/** Brings `known` up to date: what consumers report, then what is dead again, then what the queue tells. */
async function look(
  system: RunningSystem,
  sent: readonly Sent[],
  known: Map<Sent, Replayed['outcomes']>,
): Promise<void> {
  for (const queue of new Set(sent.map((one) => one.queue))) {
    const open = sent.filter((one) => one.queue === queue && !isFinal(one, known.get(one)));
    if (open.length === 0) continue;
    const depth = await system.broker.admin.depth(queue);
    const dead = new Map<string, string>();
    for (const { headers } of await system.broker.admin.deadLetters(queue, { limit: 10_000 })) {
      const token = headers[replayHeader];
      if (token !== undefined) dead.set(token, headers[deadLetterHeaders.reason] ?? 'unknown');
    }
    const empty = depth !== null && depth.ready === 0 && depth.delayed === 0 && depth.inFlight === 0;
    for (const one of open) {
      const report = await reported(one);
      const reason = dead.get(one.token);
      const again = Object.values(report).some((word) => word.startsWith('dead: '));
      if (reason !== undefined && !again)
        known.set(one, { ...withoutFailed(report), [one.letter.service]: `dead: ${reason}` });
      else if (Object.keys(report).length > 0) known.set(one, report);
      else if (depth?.consumers === 0) known.set(one, { [one.letter.service]: 'nobody consumes' });
      else if (empty && known.get(one)?.[one.letter.service] === 'leaving')
        known.set(one, { [one.letter.service]: 'taken' });
      // A report is written before the message is settled: one more look decides.
      else known.set(one, { [one.letter.service]: empty ? 'leaving' : 'queued' });
    }
  }
}

/** A consumer that failed at first has given up when the message is dead. */
function withoutFailed(report: Replayed['outcomes']): Replayed['outcomes'] {
  return Object.fromEntries(Object.entries(report).filter(([, word]) => !word.startsWith('failed: ')));
}

async function reported({ service, token }: Sent): Promise<Replayed['outcomes']> {
  try {
    return readReplayReport(await service.read((tx) => tx.note(replayNote(token))));
  } catch (error) {
    // Without the database the queue alone tells.
    if (error instanceof SeamwrightError) return {};
    throw error;
  }
}

async function strikeOut({ service, token }: Sent): Promise<void> {
  try {
    await service.read((tx) => tx.setNote(replayNote(token), null));
  } catch (error) {
    if (!(error instanceof SeamwrightError)) throw error;
  }
}

/** True when nothing more will be heard: every consumer it is meant for has settled it, or nobody is there to do so. */
function isFinal({ letter, service }: Sent, outcomes: Replayed['outcomes'] | undefined): boolean {
  if (outcomes === undefined) return false;
  const words = Object.values(outcomes);
  if (words.some((word) => word === 'queued' || word === 'leaving' || word.startsWith('failed: '))) return false;
  if (Object.hasOwn(outcomes, letter.service)) return true;
  const aimed = letter.consumers.length > 0 ? letter.consumers : consumersOf(service, letter);
  return aimed.every((name) => Object.hasOwn(outcomes, name));
}

function consumersOf(service: RunningService, { message }: DeadLetter): readonly string[] {
  return service.consumers
    .filter(({ definition }) => definition.message.name === message)
    .map(({ definition }) => definition.name);
}
