import type { Clock } from 'seamwright/runtime';
import type { OnUserRoleChanged } from '#generated/tools-dashboard/back-auth/consumers.gen.js';
import { endSessions } from './sessions.js';

/**
 * Ends every session that was there before. The time is that of this service, which also says when a session began: two clocks never have to agree.
 */
export function endSessionsOnRoleChange(clock: Clock): OnUserRoleChanged {
  return async ({ event, tx }) => {
    await endSessions(tx, event.userId, clock.now());
  };
}
