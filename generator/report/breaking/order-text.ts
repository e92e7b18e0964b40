import type { Judgement } from '../../compat/judgement.js';

/** `readers first: surveys, then people. …`; undefined when no order matters. */
export function orderText({ order, readers, writers, breaksStored }: Judgement): string | undefined {
  const reading = readers.join(', ');
  const writing = writers.join(', ');
  const stored = breaksStored
    ? ' Messages that are stored already cannot be read any more: drain them, or convert them.'
    : '';
  if (order === 'any') return stored === '' ? undefined : stored.trim();
  if (order === 'never') return `no order works: ship it in two releases, expand then contract.${stored}`;
  if (reading === '' || writing === '') return stored === '' ? undefined : stored.trim();
  return order === 'reader-first'
    ? `readers first: ${reading}, then ${writing}. Rolling ${reading} back after ${writing} has shipped makes it refuse what it gets.${stored}`
    : `writers first: ${writing}, then ${reading}. Rolling ${writing} back after ${reading} has shipped makes its messages be refused.${stored}`;
}
