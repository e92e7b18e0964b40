import type { FlowDriver } from 'seamwright/harness';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('text-snippet-people');

/** How the flow begins that the contracts do not say it of; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  /** An employee who is to be linked with an account is looked up where accounts are. */
  async 'look-up-user'(hands) {
    const company = await hands.call('accounts.createCompany');
    await hands.settle();
    const { id: companyId } = company.body as { readonly id: string };
    const user = await hands.call('accounts.createUser', {
      set: { 'body.companyId': companyId, 'body.isActive': true },
    });
    await hands.settle();
    const { id: userId } = user.body as { readonly id: string };
    const linked = await hands.call('text-snippet-people.createEmployee', {
      set: { 'body.companyId': companyId, 'body.userId': userId },
    });
    hands.expect('an employee is linked with an account of the same company', linked.status === 201);
    const unknown = await hands.call('text-snippet-people.createEmployee', {
      value: 2,
      set: { 'body.companyId': companyId, 'body.userId': hands.id('User', 'nobody') },
    });
    hands.expect('nobody is linked with an account that there is not', unknown.status === 422);
  },
};
