import type { FlowDriver } from 'seamwright/harness';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('sales');

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'create-invoice'(hands) {
    const customerId = hands.id('Customer', 'flat 12');
    await hands.service('common').transaction((tx) =>
      tx.query(
        `insert into customers (id, name, email, phone, balance, currency)
           values ($1, 'Flat 12', 'flat12@mail.example', null, 0, 'USD')`,
        [customerId],
      ),
    );
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
};
