import type { MemoryFaults } from '../../../runtime/brokers/memory.js';
import type { Chance } from './chance.js';

/** A broker that does everything a broker may do, until it is healed. */
export function faultyUntilHealed(chance: Chance): { readonly faults: MemoryFaults; heal(): void } {
  let ill = true;
  const delay = (): number => (chance.happens(0.5) ? 0 : chance.integer(4_000));
  return {
    heal() {
      ill = false;
    },
    faults: {
      publish() {
        if (!ill) return 'none';
        if (chance.happens(0.1)) return 'refuse';
        return chance.happens(0.1) ? 'lose-confirm' : 'none';
      },
      arrive() {
        if (!ill) return [0];
        return chance.happens(0.15) ? [delay(), delay()] : [delay()];
      },
      settle: () => (ill && chance.happens(0.1) ? 'lose' : 'none'),
    },
  };
}
