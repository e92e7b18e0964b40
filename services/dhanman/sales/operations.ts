import { randomUUID } from 'node:crypto';
import { type Logger, ProblemError, type SagaOutcome, UsageError } from 'seamwright/runtime';
import type { CommonClient } from '#generated/dhanman/sales/clients.gen.js';
import type { CreateInvoiceCall, SalesOperations } from '#generated/dhanman/sales/server.gen.js';
import type { SalesService } from '#generated/dhanman/sales/service.gen.js';
import { addInvoice, invoiceById } from './invoices.js';
import { paymentById } from './payments.js';
import { refusal } from './process-payment-saga.js';

/** What sales answers over HTTP. `paymentWaitMs`: how long a person waits for a payment before being told to ask again. */
export function salesOperations(sales: SalesService, paymentWaitMs: number): SalesOperations {
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

    async processPayment({ path: { invoiceId }, headers, body: { paymentMethodId }, once }) {
      // What is kept under the key is that the payment began; what became of it is asked anew each time.
      const begun = await once(async (tx) => {
        const paymentId = randomUUID();
        const { idempotencyKey } = headers;
        await tx.sagas.processPayment.start({ paymentId, invoiceId, paymentMethodId, idempotencyKey });
        return underWay(paymentId, invoiceId);
      });
      if (begun.status !== 202) return begun;
      const { paymentId } = begun.body;
      const outcome = await sales.sagas.processPayment.outcome(paymentId, { waitMs: paymentWaitMs });
      if (outcome?.state === 'compensated') throw refused(outcome);
      const payment = await sales.transaction((tx) => paymentById(tx, paymentId));
      if (payment?.status !== 'paid') return begun;
      const { amount, currency } = payment;
      return { status: 201, body: { paymentId, invoiceId, status: 'paid', amount, currency } };
    },

    async getPayment({ path: { paymentId } }) {
      const payment = await sales.transaction((tx) => paymentById(tx, paymentId));
      if (payment === null) return { status: 404, body: { title: 'No such payment', status: 404 } };
      const { invoiceId, status, amount, currency } = payment;
      return { status: 200, body: { paymentId, invoiceId, status, amount, currency } };
    },

    async sendInvoiceEmail({ path: { invoiceId }, once }) {
      return once(async (tx) => {
        const invoice = await invoiceById(tx, invoiceId);
        if (invoice === null) return { status: 404, body: { title: 'Invoice not found', status: 404 } };
        const { customerId } = invoice;
        await tx.send.SendInvoiceEmailCommand({ invoiceId, customerId, emailTemplate: 'invoice-created' });
        return { status: 202 };
      });
    },
  };
}

function underWay(paymentId: string, invoiceId: string) {
  const body = { paymentId, invoiceId, status: 'pending' } as const;
  return { status: 202, headers: { Location: `/api/payments/${paymentId}`, 'Retry-After': 1 }, body } as const;
}

/** What a caller is told of a payment that was not taken. */
function refused({ failure }: SagaOutcome): ProblemError {
  const reason = failure?.reason ?? 'the payment was taken back';
  if (reason === refusal.unknownInvoice) return new ProblemError(404, { detail: reason });
  if (reason === refusal.alreadyPaid) return new ProblemError(409, { detail: reason });
  if (failure?.step === 'charge-card') return new ProblemError(402, { detail: reason });
  return new ProblemError(503, { detail: 'the payment could not be taken at the moment' });
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
