import type { KeptReply, ReplyKey } from '../store.js';
import { type CellTransaction, keyOf, table } from './cells.js';

export const replies = table<KeptReply>('reply');

export async function keptReply(cells: CellTransaction, request: ReplyKey, nowMs: number): Promise<KeptReply | null> {
  const kept = cells.read(replies, nameOf(request));
  return kept === undefined || kept.expiresAt <= nowMs ? null : kept;
}

export async function keepReply(cells: CellTransaction, request: ReplyKey, kept: KeptReply): Promise<void> {
  const name = nameOf(request);
  await cells.lock(replies, name);
  cells.write(replies, name, kept);
}

function nameOf({ operation, caller, key }: ReplyKey): string {
  return keyOf(operation, caller, key);
}
