import type { BackPostgresService } from '#generated/tools-dashboard/back-postgres/service.gen.js';
import { putHash } from './users.js';

/** States that need more than the contracts' operations, by the names of the Pact files; see docs/guides/pact.md. */
export const states = {
  /** A user with a password: the others cannot be activated. */
  async 'activateUser answers 200'({ service, derive }: UserState) {
    const user = await derive();
    await service.transaction((tx) => putHash(tx, user.id, 'scrypt$not-a-real-hash'));
    return user;
  },
};

interface UserState {
  readonly service: BackPostgresService;
  derive(): Promise<{ readonly id: string }>;
}
