import { randomUUID } from 'node:crypto';
import { type Logger, ProblemError, UsageError } from 'seamwright/runtime';
import type { CommonClient } from '#generated/dhanman/sales/clients.gen.js';
import type { CreateInvoiceCall, SalesOperations } from '#generated/dhanman/sales/server.gen.js';
import type { SalesService } from '#generated/dhanman/sales/service.gen.js';
import { addInvoice } from './invoices.js';

/** What sales answers over HTTP. */
export function salesOperations(sales: SalesService): SalesOperations {
  return {
    async createInvoice({ body, log, once }) {
      // Before the transaction: inside it, the locks would last as long as common takes to answer.
      await checkCustomer(sales.clients.common, body, log);
      return once(async (tx) => {
        const id = randomUUID();
        await addInvoice(tx, { ...body, invoiceId: id, createdAt: new Date().toISOString() });
        return { status: 201, body: { id } };
      });
    },
  };
}

/** Throws `ProblemError` 422 for a customer that cannot get such an invoice, 503 when that cannot be found out. */
async function checkCustomer(
  common: CommonClient,
  { customerId, currency }: CreateInvoiceCall['body'],
  log: Logger,
): Promise<void> {
  const customer = await common.getCustomer({ customerId }).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    // Unreachable, too slow or answering nonsense: to the caller it is all the same, and nothing was changed.
    log.warn({ error, customerId }, 'the customer cannot be checked');
    throw new ProblemError(503, { detail: 'the customer cannot be checked at the moment' });
  });
  if (customer === null) throw new ProblemError(422, { detail: 'Customer not found' });
  if (customer.currency !== currency) {
    throw new ProblemError(422, { detail: `the customer is invoiced in ${customer.currency}, not in ${currency}` });
  }
}
