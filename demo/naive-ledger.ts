import type { WireMessage } from 'seamwright/runtime';

interface Entry {
  readonly referenceId: string;
  readonly type: 'debit' | 'credit';
  readonly amount: number;
}

interface InvoiceCreated {
  readonly invoiceId: string;
  readonly amount: number;
}

/**
 * A ledger handler as the published example writes it: it saves the debit, then the credit, each by itself, and remembers nothing about the messages it has seen.
 * `dies` decides whether the process ends between the two.
 */
export class NaiveLedger {
  readonly entries: Entry[] = [];

  constructor(private readonly dies: () => boolean) {}

  /** Rejects where the process dies: the message comes again. */
  async receive(message: WireMessage): Promise<void> {
    if (message.headers['ce-type'] !== 'InvoiceCreatedEvent') return;
    const { invoiceId, amount } = JSON.parse(new TextDecoder().decode(message.body)) as InvoiceCreated;
    this.entries.push({ referenceId: invoiceId, type: 'debit', amount });
    if (this.dies()) throw new Error('the process died');
    this.entries.push({ referenceId: invoiceId, type: 'credit', amount });
  }

  /** `2 entries, balanced` for an invoice. */
  of(invoiceId: string): { readonly count: number; readonly balance: number } {
    const entries = this.entries.filter((entry) => entry.referenceId === invoiceId);
    const sum = (type: Entry['type']): number =>
      entries.filter((entry) => entry.type === type).reduce((total, entry) => total + entry.amount, 0);
    return { count: entries.length, balance: sum('debit') - sum('credit') };
  }
}
