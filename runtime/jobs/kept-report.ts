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

function keyOf(job: string, occurrence: string) {
  return { operation: `job ${job}`, caller: '', key: occurrence };
}
