import { randomStream } from '../../generator/schema/random.js';
import { type Clock, type Random, uuidV7 } from '../../runtime/clock.js';

/** The same chance and the same ids in every run, each user its own: what one service draws must not change what another one gets. */
export function seededRandom(clock: Pick<Clock, 'now'>, whose: string): Random {
  let seed = 2_166_136_261;
  for (let index = 0; index < whose.length; index++) seed = Math.imul(seed ^ whose.charCodeAt(index), 16_777_619);
  const stream = randomStream(seed);
  const fill = (bytes: Uint8Array): void => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = stream.next() * 256;
  };
  return { next: () => stream.next(), uuid: () => uuidV7(clock.now(), fill) };
}
