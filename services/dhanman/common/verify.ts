import type { ServiceTransaction } from 'seamwright/runtime';
import type { CommonService } from '#generated/dhanman/common/service.gen.js';
import { provenCallers } from '../../shared/proven-callers.js';
import { seedCustomers } from './customers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('common');

/** States that the contracts have no operation for, by the names of the Pact files; see docs/guides/pact.md. */
export const states = {
  async 'customer exists'({ service, params, complete }: CustomerState) {
    const phone = complete ? '+1 555 0100' : null;
    const customer = { id: params.customerId, name: 'Flat 12', email: 'flat12@mail.example', phone, balance: 0 };
    await service.transaction((tx) => seedCustomers(tx, [{ ...customer, currency: 'USD' }]));
  },
};

/** A movement is named by its cause. */
export const tables = {
  BalanceMovement: (tx: ServiceTransaction) =>
    tx.query('select cause as id, customer_id, amount_delta, currency, moved_at from balance_movements'),
};

interface CustomerState {
  readonly service: CommonService;
  readonly params: { readonly customerId: string };
  /** Whether what is optional is to be there, too. */
  readonly complete: boolean;
}
