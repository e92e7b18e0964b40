import { createHash } from 'node:crypto';
import type { Clock } from '../../runtime/clock.js';
import type { Happening, Seen } from '../history.js';
import { startMs } from '../plan.js';
import { requestAtWork } from './request-at-work.js';

export interface LogLine {
  readonly at: number;
  readonly service: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A message that leaves later than this is not waited for. */
const awaitedMs = 10 * 60_000;

/** Takes down what is seen at the ports of all services, in order. */
export class Witness {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #happenings: Happening[] = [];
  readonly #lines: LogLine[] = [];
  readonly #steps = new Map<string, string>();
  readonly #unsent = new Set<string>();
  readonly #parked = new Set<string>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get happenings(): readonly Happening[] {
    return this.#happenings;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Ms since the start. */
  get now(): number {
    return this.#clock.now() - startMs;
  }

  /** Messages that a transaction has committed and the broker has not taken. */
  get unsent(): number {
    return this.#unsent.size;
  }

  /** Messages that wait in a store. */
  get parked(): number {
    return this.#parked.size;
  }

  see(service: string, step: string | undefined, seen: Seen): void {
    if (step !== undefined && 'messageId' in seen && seen.messageId !== undefined)
      this.#steps.set(seen.messageId, step);
    if (seen.kind === 'promised') {
      if ((seen.dueAtMs ?? 0) <= this.now + awaitedMs) this.#unsent.add(seen.messageId);
    } else if (seen.kind === 'published') this.#unsent.delete(seen.messageId);
    else if (seen.kind === 'parked') this.#parked.add(parkingPlace(service, seen));
    else if (seen.kind === 'released') this.#parked.delete(parkingPlace(service, seen));
    const within = requestAtWork();
    this.#happenings.push({
      ...{ at: this.#clock.now() - startMs, service },
      ...(step !== undefined && { step }),
      ...(within !== undefined && { within }),
      ...seen,
    });
  }

  for(service: string): (step: string | undefined, seen: Seen) => void {
    return (step, seen) => this.see(service, step, seen);
  }

  log(line: Omit<LogLine, 'at'>): void {
    this.#lines.push({ at: this.#clock.now() - startMs, ...line });
  }

  /** Step of a message that was seen at a port before. */
  stepOfMessage(messageId: string): string | undefined {
    return this.#steps.get(messageId);
  }
}

/** Of an entity's states only the newest waits; of its deltas each one. */
function parkingPlace(
  service: string,
  { consumer, entity, id, messageId, delta }: Extract<Seen, { kind: 'parked' | 'released' }>,
): string {
  return [service, consumer, entity, id, ...(delta ? [messageId] : [])].join('\n');
}

/** Equal for two runs in which the same was seen. */
export function traceOf(happenings: readonly Happening[]): string {
  return createHash('sha256').update(traceText(happenings)).digest('hex').slice(0, 16);
}

/** One line per happening, without what differs from process to process, such as stacks, and tokens in what is answered. */
export function traceText(happenings: readonly Happening[]): string {
  return happenings
    .map((happening) =>
      JSON.stringify(happening, (name, value: unknown) =>
        name === 'stack' || name === 'body' ? undefined : typeof value === 'bigint' ? String(value) : value,
      ),
    )
    .join('\n');
}
