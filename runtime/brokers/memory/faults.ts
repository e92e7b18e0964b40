import type { WireMessage } from '../../envelope.js';
import type { Address } from '../broker.js';

/** What a real broker may do to a message and a careful service must survive. Each method is asked once per event; absent means healthy. */
export interface MemoryFaults {
  /** `refuse`: the publish rejects and nothing is kept. `lose-confirm`: the message is kept and the publish rejects all the same. */
  publish?(address: Address, message: WireMessage): 'none' | 'refuse' | 'lose-confirm';
  /** One delay in ms per copy that reaches the queue: `[0]` is healthy, `[30]` late, `[0, 30]` a duplicate. Never empty: a broker that confirmed keeps. */
  arrive?(queue: string, message: WireMessage): readonly number[];
  /** `lose`: the settlement never reaches the broker; the message is handed out again. */
  settle?(queue: string, message: WireMessage, attempt: number): 'none' | 'lose';
}
