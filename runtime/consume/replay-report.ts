import type { WireMessage } from '../envelope.js';
import type { Parts } from '../parts.js';
import { errorText } from './failures.js';
import type { Result } from './settle.js';

/** Header of a replayed dead letter: the name under which whoever replays it wants to read what became of it. */
export const replayHeader = 'sw-replay';

/** Word for each consumer, by its name: a `DoneOutcome`, `parked`, `failed: …` (it is tried again) or `dead: …`. */
export type ReplayReport = Readonly<Record<string, string>>;

/** Note of the service's store that holds the report. */
export function replayNote(token: string): string {
  return `replay:${token}`;
}

/** Whether somebody who replays the message wants to read what became of it. */
export function isReplayed({ headers }: WireMessage): boolean {
  return Object.hasOwn(headers, replayHeader);
}

/**
 * Writes down what became of a replayed message, for the one who replays it; does nothing for any other message. A redelivery after a crash finds the
 * effect done: what was said of it before stands. Never rejects: a report that is lost must not cost the message.
 */
export async function reportReplay(parts: Parts, wire: WireMessage, results: readonly Result[]): Promise<void> {
  const token = Object.hasOwn(wire.headers, replayHeader) ? wire.headers[replayHeader] : undefined;
  if (token === undefined) return;
  const name = replayNote(token);
  try {
    await parts.store.transaction(async (tx) => {
      await tx.lock([name]);
      const before = readReplayReport(await tx.note(name));
      const now = results.map(({ consumer, verdict }) => [consumer.definition.name, wordFor(verdict)] as const);
      const kept = now.map(([consumer, word]) => {
        const said = before[consumer];
        return [consumer, word === 'duplicate' && said !== undefined && !said.includes(':') ? said : word] as const;
      });
      await tx.setNote(name, JSON.stringify({ ...before, ...Object.fromEntries(kept) }));
    });
  } catch (error) {
    parts.log.warn({ token, error }, 'what became of a replayed message could not be written down');
  }
}

/** Reads a report; empty when there is none yet. */
export function readReplayReport(note: string | null): ReplayReport {
  return note === null ? {} : (JSON.parse(note) as ReplayReport);
}

function wordFor(verdict: Result['verdict']): string {
  switch (verdict.kind) {
    case 'done':
      return verdict.outcome;
    case 'parked':
      return 'parked';
    case 'dead':
      return `dead: ${verdict.reason}`;
    case 'failed':
      return `failed: ${errorText(verdict.error).slice(0, 300)}`;
  }
}
