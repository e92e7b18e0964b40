import type { FlowDriver } from 'seamwright/harness';
import { fullSyncUser } from '#generated/dhanman/community/full-sync.gen.js';
import type { CommunityService } from '#generated/dhanman/community/service.gen.js';
import { provenCallers } from '../../shared/proven-callers.js';

/** Under the harness every caller has to prove who it is. */
export const options = provenCallers('community');

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
