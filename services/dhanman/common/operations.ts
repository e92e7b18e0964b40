import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { CommonOperations, ListUsersReply } from '#generated/dhanman/common/server.gen.js';
import type { CommonService } from '#generated/dhanman/common/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { moveBalance } from './balances.js';
import { customerById } from './customers.js';
import { addUser } from './users.js';

type UserPage = Extract<ListUsersReply, { readonly status: 200 }>['body'];

/** What common answers over HTTP. */
export function commonOperations(common: CommonService): CommonOperations {
  return {
    async getCustomer({ path }) {
      const customer = await common.transaction((tx) => customerById(tx, path.customerId));
      return customer === null
        ? { status: 404, body: { title: 'No such customer', status: 404 } }
        : { status: 200, body: customer };
    },

    async updateCustomerBalance({ path: { customerId }, headers, body: { amountDelta, currency }, once }) {
      return once(async (tx) => {
        const customer = await customerById(tx, customerId);
        if (customer === null) return { status: 404, body: { title: 'No such customer', status: 404 } };
        if (customer.currency !== currency)
          throw new ProblemError(409, {
            detail: `the customer's balance is in ${customer.currency}, not in ${currency}`,
          });
        await moveBalance(tx, { cause: headers.idempotencyKey, customerId, amountDelta, currency });
        return { status: 204 };
      });
    },

    async createUser({ body, once }) {
      return once(async (tx) => {
        const id = randomUUID();
        const { email, fullName, companyId } = body;
        const createdAt = new Date().toISOString();
        // Field by field: the contract lets a body hold more than it names, and none of that may travel on.
        const added = await addUser(tx, {
          ...{ userId: id, email, fullName, createdAt },
          ...(companyId !== undefined && { companyId }),
        });
        if (!added) throw new ProblemError(409, { detail: 'a user has this e-mail address already' });
        return { status: 201, body: { id } };
      });
    },

    async listUsers({ query }) {
      const page = await common.sync.snapshot('User', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as UserPage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}
