import { randomUUID } from 'node:crypto';
import type { SalesClients } from '#generated/dhanman/sales/clients.gen.js';
import type { MonthlyInvoicesJob } from '#generated/dhanman/sales/jobs.gen.js';
import { addInvoice } from './invoices.js';

const dayMs = 86_400_000;
/** As the contract's constant says. */
const daysUntilDue = 30;

/**
 * Invoices every active resident for the month that begins. A resident who was invoiced for it before, by whatever run, is left alone; the reminder leaves
 * with the invoice or not at all.
 */
export function monthlyInvoicesJob(clients: () => SalesClients): MonthlyInvoicesJob {
  return {
    items: ({ signal }) => clients().community.listActiveResidents({}, { signal }),
    key: (resident) => resident.id,
    async each({ item: resident, occurrence, tx }) {
      const { id: residentId, customerId, monthlyCharges: amount, currency } = resident;
      const invoiceId = randomUUID();
      const now = new Date();
      const dueDate = new Date(now.getTime() + daysUntilDue * dayMs).toISOString().slice(0, 10);
      const invoice = { invoiceId, customerId, amount, currency, dueDate, createdAt: now.toISOString() };
      const added = await addInvoice(tx, { ...invoice, monthly: { residentId, period: periodOf(occurrence) } });
      if (added) await tx.send.SendPaymentReminderCommand({ invoiceId, customerId, dueDate });
    },
  };
}

/** Month of an occurrence, `YYYY-MM`. */
export function periodOf(occurrence: string): string {
  return occurrence.slice(0, 7);
}

/** Instant at which the schedule invoices a month. */
export function occurrenceOf(period: string): string {
  return `${period}-01T03:00:00.000Z`;
}
