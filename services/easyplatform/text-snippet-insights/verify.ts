import type { FlowDriver } from 'seamwright/harness';
import { fullSyncCompany, fullSyncEmployee } from '#generated/easyplatform/text-snippet-insights/full-sync.gen.js';
import type { TextSnippetInsightsService } from '#generated/easyplatform/text-snippet-insights/service.gen.js';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('text-snippet-insights');

/** How the flows begin that the contracts do not say it of; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'resync-companies'(hands) {
    await hands.call('accounts.createCompany', { value: 1 });
    await hands.call('accounts.createCompany', { value: 2 });
    await hands.settle();
    await fullSyncCompany(hands.service<TextSnippetInsightsService>('text-snippet-insights'));
  },

  async 'full-resync'(hands) {
    const company = await hands.call('accounts.createCompany', { value: 1 });
    await hands.settle();
    const { id: companyId } = company.body as { readonly id: string };
    for (const value of [1, 2]) {
      const set = { 'body.companyId': companyId, 'body.email': `ann${value}@mail.example` };
      const { body: made } = await hands.call('text-snippet-people.createEmployee', {
        value,
        set: { ...set, 'body.userId': undefined, 'body.isActive': value === 1 },
      });
      hands.expect('an employee is created', made !== undefined);
    }
    await hands.settle();
    await fullSyncEmployee(hands.service<TextSnippetInsightsService>('text-snippet-insights'));
  },
};
