import { fullSyncUser } from '#generated/dhanman/community/full-sync.gen.js';
import { createCommunityServer } from '#generated/dhanman/community/server.gen.js';
import { type CommunityService, createCommunity } from '#generated/dhanman/community/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { communityOperations } from './operations.js';
import { prepare } from './residents.js';

export interface CommunityApp extends App<CommunityService> {
  /** Reads all users from common when there are none here: this service may have been started after their messages had gone. */
  catchUp(): Promise<void>;
}

/** Residents, and the copies of users. */
export function createCommunityApp(options: AppOptions = {}): CommunityApp {
  const community = createCommunity({ ...options, prepare });
  const server = createCommunityServer(communityOperations(community), {
    authenticate: 'none',
    service: community,
    ready: community.health,
    ...options,
  });
  return Object.assign(appOf(community, server, options.listen), {
    async catchUp() {
      const [known] = await community.copies.User.list({ limit: 1 });
      if (known === undefined) await fullSyncUser(community);
    },
  });
}
