import type { FlowDriver } from 'seamwright/harness';
import { fullSyncUser } from '#generated/dhanman/community/full-sync.gen.js';
import type { CommunityService } from '#generated/dhanman/community/service.gen.js';
import { provenCallers } from '../../shared/proven-callers.js';
import { seedResidents } from './residents.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('community');

/** States that the contracts have no operation for; see docs/guides/pact.md. */
export const states = {
  async 'listActiveResidents finds something'({ service, complete }: ResidentState) {
    const resident = { id: 'd4e5f607-0004-4d5e-8f90-1a2b3c4d5e04', monthlyCharges: 12_500, currency: 'USD' };
    const email = complete ? { email: 'flat12@mail.example' } : {};
    const customerId = 'b2c3d4e5-0002-4b5c-9d6e-8f90a1b2c302';
    await service.transaction((tx) => seedResidents(tx, [{ ...resident, customerId, ...email }]));
  },
};

interface ResidentState {
  readonly service: CommunityService;
  readonly complete: boolean;
}

/** How the flow begins; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'join-late'(hands) {
    for (const value of [1, 2, 3])
      await hands.call('common.createUser', { value, set: { 'body.email': `user${value}@mail.example` } });
    await hands.settle();
    const report = await fullSyncUser(hands.service<CommunityService>('community'));
    hands.expect('the list is read to its end', report !== undefined);
  },
};
