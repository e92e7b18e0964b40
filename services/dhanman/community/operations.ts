import type { CommunityOperations } from '#generated/dhanman/community/server.gen.js';
import type { CommunityService } from '#generated/dhanman/community/service.gen.js';
import { activeResidents } from './residents.js';

/** What community answers over HTTP. */
export function communityOperations(community: CommunityService): CommunityOperations {
  return {
    async listActiveResidents() {
      return { status: 200, body: [...(await community.transaction(activeResidents))] };
    },
  };
}
