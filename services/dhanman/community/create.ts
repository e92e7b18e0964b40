import { createServer } from 'seamwright/runtime';
import { fullSyncUser } from '#generated/dhanman/community/full-sync.gen.js';
import { type CommunityService, createCommunity } from '#generated/dhanman/community/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';

export interface CommunityApp extends App<CommunityService> {
  /** Reads all users from common when there are none here: this service may have been started after their messages had gone. */
  catchUp(): Promise<void>;
}

/** Residents, later; today it keeps the copies of users. */
export function createCommunityApp(options: AppOptions = {}): CommunityApp {
  const community = createCommunity(options);
  // It has no operations; the server says that it is alive.
  const server = createServer({ service: 'community', basePath: '', operations: [] }, {}, { ready: community.health });
  return Object.assign(appOf(community, server, options.listen), {
    async catchUp() {
      const [known] = await community.copies.User.list({ limit: 1 });
      if (known === undefined) await fullSyncUser(community);
    },
  });
}
