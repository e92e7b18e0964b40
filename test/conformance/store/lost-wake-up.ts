import type { Store } from '../../../runtime/stores/store.js';
import { companies, incoming, parkedMessage, yieldTurns } from './messages.js';

/**
 * Races a message that needs a company against the company itself, each round in another interleaving; answers how many messages stay parked although
 * their company is there. Without the lock around check and write some do.
 */
export async function lostWakeUps(
  store: Store,
  { rounds, locked }: { readonly rounds: number; readonly locked: boolean },
): Promise<number> {
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const dependency = { entity: 'Company', id: `c${round}` };
    const name = `${dependency.entity}:${dependency.id}`;
    const turns = (position: number) => yieldTurns(Math.floor(round / 5 ** position) % 5);

    const dependent = store.transaction(async (tx) => {
      await turns(0);
      if (locked) await tx.lock([name]);
      const presence = await tx.replicaPresence(companies, dependency.id);
      await turns(1);
      if (presence === 'unknown') await tx.park(parkedMessage({ entityId: `e${round}`, dependency }));
    });
    const arrival = store.transaction(async (tx) => {
      await turns(2);
      if (locked) await tx.lock([name]);
      await tx.putReplica(companies, dependency.id, { name: 'one' }, incoming(1));
      await turns(3);
      await tx.releaseParked(dependency);
    });
    await Promise.all([dependent, arrival]);

    lost += await store.transaction(async (tx) => {
      const ready = await tx.takeParked({ nowMs: 0, limit: 10 });
      for (const message of ready) await tx.removeParked(message);
      const left = await tx.countParked('surveys.Employee');
      await tx.removeParked(parkedMessage({ entityId: `e${round}` }));
      return left;
    });
  }
  return lost;
}
