import type { FlowDriver } from 'seamwright/harness';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('text-snippet-hiring');

/** How the flow begins; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  /** Two tabs, one candidate. */
  async 'double-hire'(hands) {
    const company = await hands.call('accounts.createCompany');
    await hands.settle();
    const { id: companyId } = company.body as { readonly id: string };
    const candidate = await hands.call('text-snippet-hiring.createCandidate', { set: { 'body.companyId': companyId } });
    const { id } = candidate.body as { readonly id: string };
    const hire = () => hands.call('text-snippet-hiring.hireCandidate', { set: { 'path.candidateId': id } });
    const tabs = await Promise.all([hire(), hire()]);
    hands.expect(
      'one tab hires, the other is told so',
      tabs
        .map(({ status }) => status)
        .sort()
        .join() === '200,409',
    );
  },
};
