import { inTransaction } from '../in-transaction.js';
import { withFacts } from '../log.js';
import type { Parts } from '../parts.js';
import { inScope } from '../scope.js';
import { serviceTransaction } from '../service-transaction.js';
import type { Cause } from '../unit-of-work.js';
import type { ItemJobHandler, JobContext, JobDefinition } from './definition.js';
import type { JobWork } from './job-work.js';
import { whenAvailable } from './when-available.js';

/** One try: which occurrence, and until when it may go on. */
export interface Try {
  readonly occurrence: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** What a try came to. */
export interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  /** The list of items broke off; what stands behind is unknown. */
  readonly broken: boolean;
}

/** Does what is not done yet of an occurrence; `cause` when somebody asked for it. Rejects only when `signal` is aborted. */
export async function runOccurrence(
  parts: Parts,
  job: JobDefinition,
  work: JobWork,
  one: Try,
  cause: Cause = { correlationId: `${job.name}@${one.occurrence}` },
): Promise<Tally> {
  const facts = { job: job.name, occurrence: one.occurrence, attempt: one.attempt, correlationId: cause.correlationId };
  const context: JobContext = { ...one, log: withFacts(parts.log, facts) };
  if (work.kind === 'items') return runItems(parts, job, work.handle, context, cause);
  const done = await once(parts, job, context, cause, one.occurrence, (tx) => work.handle({ ...context, tx }));
  return { succeeded: done ? 1 : 0, failed: done ? 0 : 1, broken: false };
}

async function runItems(
  parts: Parts,
  job: JobDefinition,
  handler: ItemJobHandler<unknown, unknown>,
  context: JobContext,
  cause: Cause,
): Promise<Tally> {
  const seen = new Set<string>();
  let succeeded = 0;
  let failed = 0;
  const { service } = parts.definition;
  const listed = await attempted(context, () =>
    inScope({ service, consumer: job.name, cause }, async () => {
      for await (const item of await handler.items(context)) {
        context.signal.throwIfAborted();
        const key = handler.key(item);
        // Lists that are read in pages may tell an item twice.
        if (seen.has(key)) continue;
        seen.add(key);
        const claim = `${context.occurrence}:${key}`;
        const done = await once(parts, job, context, cause, claim, (tx) => handler.each({ ...context, item, tx }));
        if (done) succeeded += 1;
        else failed += 1;
      }
    }),
  );
  return { succeeded, failed, broken: !listed };
}

/** Does one thing in a transaction of its own, unless it was done before. False when it fails; while the store is away it waits. */
async function once(
  parts: Parts,
  job: JobDefinition,
  context: JobContext,
  cause: Cause,
  claim: string,
  work: (tx: unknown) => Promise<void>,
): Promise<boolean> {
  const { telemetry } = parts;
  const { signal, attempt } = context;
  const call = { consumer: job.name, messageId: claim, correlationId: cause.correlationId, attempt };
  let handlerFailed = false;
  const handle = async (tx: unknown): Promise<void> => {
    handlerFailed = true;
    await (parts.aroundHandler === undefined ? work(tx) : parts.aroundHandler(call, () => work(tx)));
    handlerFailed = false;
  };
  const claimed = () =>
    inTransaction(parts, cause, async (unit) => {
      signal.throwIfAborted();
      if (!(await unit.tx.claim(`job.${job.name}`, claim))) return 'repeated';
      await handle(serviceTransaction(parts, unit));
      return 'succeeded';
    });
  try {
    const outcome = await whenAvailable(parts, claimed, signal, () => !handlerFailed);
    telemetry.count('seamwright.job.items', { job: job.name, outcome });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    telemetry.count('seamwright.job.items', { job: job.name, outcome: 'failed' });
    context.log.warn({ item: claim, error }, 'an item of a job failed');
    return false;
  }
}

/** False when `work` fails; rejects when the try is over. */
async function attempted({ signal, log }: JobContext, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    log.error({ error }, 'the items of a job could not be listed to their end');
    return false;
  }
}
