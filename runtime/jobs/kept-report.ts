import type { Transaction } from '../stores/store.js';
import type { JobReport } from './definition.js';

const keptMs = 30 * 86_400_000;

/** Keeps what came of an occurrence, so that one that is asked for again is not run again. */
export async function keepReport(
  tx: Pick<Transaction, 'keepReply'>,
  job: string,
  report: JobReport,
  nowMs: number,
): Promise<void> {
  const kept = { fingerprint: '', reply: JSON.stringify(report), expiresAt: nowMs + keptMs };
  await tx.keepReply(keyOf(job, report.occurrence), kept);
}

export async function keptReport(
  tx: Pick<Transaction, 'keptReply'>,
  job: string,
  occurrence: string,
  nowMs: number,
): Promise<JobReport | undefined> {
  const kept = await tx.keptReply(keyOf(job, occurrence), nowMs);
  return kept === null ? undefined : (JSON.parse(kept.reply) as JobReport);
}

/** Makes room for a further run of an occurrence that has failed. */
export async function forgetFailure(
  tx: Pick<Transaction, 'keptReply' | 'keepReply'>,
  job: string,
  occurrence: string,
  nowMs: number,
): Promise<void> {
  const kept = await keptReport(tx, job, occurrence, nowMs);
  if (kept?.state === 'failed') await keepReport(tx, job, kept, nowMs - keptMs);
}

function keyOf(job: string, occurrence: string) {
  return { operation: `job ${job}`, caller: '', key: occurrence };
}
