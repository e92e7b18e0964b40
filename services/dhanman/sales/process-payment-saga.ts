import { SagaStepFailed } from 'seamwright/runtime';
import type { SalesTransaction } from '#generated/dhanman/sales/producers.gen.js';
import type { ProcessPaymentLocals } from '#generated/dhanman/sales/sagas.gen.js';
import { invoiceById } from './invoices.js';
import { beginPayment, completePayment, failPayment } from './payments.js';

/** Why a payment was not taken, as `processPayment` tells it apart. */
export const refusal = {
  unknownInvoice: 'Invoice not found',
  alreadyPaid: 'Invoice already paid',
} as const;

/** What sales does itself when a payment is processed; each function commits with the fact that it was done. */
export const processPaymentSaga: ProcessPaymentLocals<SalesTransaction> = {
  async loadUnpaidInvoice({ input, tx }) {
    const invoice = await invoiceById(tx, input.invoiceId);
    if (invoice === null) throw new SagaStepFailed(refusal.unknownInvoice);
    if (invoice.status === 'paid') throw new SagaStepFailed(refusal.alreadyPaid);
    return { invoice };
  },

  async createPendingPayment({ input, steps, tx }) {
    const { amount, currency } = checked(steps).invoice;
    const begun = await beginPayment(tx, { id: input.paymentId, invoiceId: input.invoiceId, amount, currency });
    if (!begun) throw new SagaStepFailed(refusal.alreadyPaid);
  },

  async markPaymentFailed({ input, tx }) {
    await failPayment(tx, input.paymentId);
  },

  async markInvoicePaid({ input, steps, tx }) {
    const { customerId, amount, currency } = checked(steps).invoice;
    const transactionId = steps['charge-card']?.transactionId ?? '';
    const { paymentId: id, invoiceId } = input;
    if (!(await completePayment(tx, { id, invoiceId, transactionId }))) throw new SagaStepFailed(refusal.alreadyPaid);
    return { customerId, amount, amountDelta: -amount, currency, processedAt: new Date().toISOString() };
  },
};

function checked(steps: Parameters<ProcessPaymentLocals<SalesTransaction>['markInvoicePaid']>[0]['steps']) {
  const found = steps['check-invoice'];
  if (found === undefined) throw new SagaStepFailed('the invoice was not looked at');
  return found;
}
