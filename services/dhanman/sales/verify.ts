import type { FlowDriver, FlowHands } from 'seamwright/harness';
import type { CommunityService } from '#generated/dhanman/community/service.gen.js';
import type { SalesTransaction } from '#generated/dhanman/sales/producers.gen.js';
import type { SalesService } from '#generated/dhanman/sales/service.gen.js';
import { provenCallers } from '../../shared/proven-callers.js';
import { seedResidents } from '../community/residents.js';
import { addInvoice, invoiceById } from './invoices.js';
import { occurrenceOf } from './monthly-invoices-job.js';
import { beginPayment } from './payments.js';

/** Under the harness every caller has to prove who it is, and nobody waits long for a gateway that does not answer. */
export const options = (given: Parameters<ReturnType<typeof provenCallers>>[0]) => ({
  ...provenCallers('sales')(given),
  paymentWaitMs: 1_000,
});

/** States that no operation leads to as long as common knows no customer; see docs/guides/pact.md. */
export const states = {
  async 'invoice exists'({ service, params }: State) {
    await service.transaction((tx) => invoice(tx, params.invoiceId));
  },
  async 'processPayment answers 202'({ service, params, answer }: State) {
    await service.transaction((tx) => invoice(tx, params.invoiceId));
    answer('payment-gateway', 'createCharge', { title: 'Try again later', status: 503 }, 503);
    answer('payment-gateway', 'getCharge', { title: 'Try again later', status: 503 }, 503);
  },
  async 'payment exists'({ service, params }: State) {
    const { paymentId: id } = params;
    await service.transaction(async (tx) => {
      await invoice(tx, id);
      await beginPayment(tx, { id, invoiceId: id, amount: 12_500, currency: 'USD' });
    });
  },
};

interface State {
  readonly service: SalesService;
  readonly params: Readonly<Record<'invoiceId' | 'paymentId', string>>;
  readonly answer: (provider: string, operation: string, body: unknown, status: number) => void;
}

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'create-invoice'(hands) {
    const customerId = await customer(hands);
    const set = { 'body.customerId': customerId, 'body.currency': 'USD' };
    const invoiced = await hands.call('sales.createInvoice', { set });
    hands.expect('a known customer is invoiced', invoiced.status === 201);
    const foreign = await hands.call('sales.createInvoice', { set: { ...set, 'body.currency': 'INR' } });
    hands.expect('but not in another currency', foreign.status === 422);
  },

  async 'refuse-unknown-customer'(hands) {
    const set = { 'body.customerId': hands.id('Customer', 'nobody') };
    const refused = await hands.call('sales.createInvoice', { set });
    hands.expect('nobody who is unknown is invoiced', refused.status === 422);
  },

  async 'pay-invoice'(hands) {
    const customerId = await customer(hands);
    const invoiced = await hands.call('sales.createInvoice', {
      set: { 'body.customerId': customerId, 'body.currency': 'USD' },
    });
    const { id } = invoiced.body as { readonly id: string };
    const paid = await hands.call('sales.processPayment', { set: { 'path.invoiceId': id } });
    hands.expect('an open invoice is paid', paid.status === 201);
    const again = await hands.call('sales.processPayment', { set: { 'path.invoiceId': id } });
    hands.expect('but not twice', again.status === 409);
  },

  async 'invoice-month'(hands) {
    const residents = [1, 2, 3].map((number) => ({
      ...{ id: hands.id('Resident', `resident ${number}`), customerId: hands.id('Customer', `flat ${number}`) },
      ...{ monthlyCharges: 12_500, currency: 'USD' },
    }));
    await hands.service<CommunityService>('community').transaction((tx) => seedResidents(tx, residents));
    const { monthlyInvoices } = hands.service<SalesService>('sales').jobs;
    const occurrence = occurrenceOf('2026-01');
    const report = await monthlyInvoices.run({ occurrence });
    hands.expect('the month is run', report.succeeded === residents.length);
    await hands.settle();
    // Somebody is impatient: nobody is invoiced twice.
    await monthlyInvoices.run({ occurrence });
    await hands.settle();
    const [count] = await hands
      .service('sales')
      .transaction((tx) => tx.query<{ readonly invoices: string }>('select count(*) as invoices from invoices'));
    hands.expect('every resident has one invoice', Number(count?.invoices) === residents.length);
  },
};

/** Somebody who may be invoiced. */
async function customer(hands: FlowHands): Promise<string> {
  const customerId = hands.id('Customer', 'flat 12');
  await hands.service('common').transaction((tx) =>
    tx.query(
      `insert into customers (id, name, email, phone, balance, currency)
         values ($1, 'Flat 12', 'flat12@mail.example', null, 0, 'USD')`,
      [customerId],
    ),
  );
  return customerId;
}

/** Stores it unless it is there: one provider goes through many interactions. */
async function invoice(tx: SalesTransaction, invoiceId: string): Promise<void> {
  if ((await invoiceById(tx, invoiceId)) !== null) return;
  const createdAt = '2026-01-01T00:00:00.000Z';
  const facts = { customerId: invoiceId, amount: 12_500, currency: 'USD', dueDate: '2026-01-31', createdAt };
  await addInvoice(tx, { invoiceId, ...facts });
}
