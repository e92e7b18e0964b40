import type { Store } from '../../../runtime/stores/store.js';

/** A store whose transactions are run by `transaction`; single statements go that way too, so that nothing gets past a fault. */
export function aroundTransactions(store: Store, transaction: Store['transaction']): Store {
  return {
    ...store,
    transaction,
    alone: {
      putReplica: (...write) => transaction((tx) => tx.putReplica(...write)),
      putReplicas: (...writes) => transaction((tx) => tx.putReplicas(...writes)),
    },
  };
}
