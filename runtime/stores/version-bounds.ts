import { RejectMessageError } from '../errors.js';
import type { Incoming } from '../guard.js';

const sequenceMax = 2n ** 63n - 1n;

/**
 * Refuses versions that no owner makes and no column holds: sequences outside 64 bits, such as the instant 9999-12-31 in nanoseconds, and epochs that
 * are not integers. Once stored, such a version would keep out every later change of the entity.
 *
 * Throws `RejectMessageError`, which sends the message to the dead letters.
 */
export function assertStorable({ version, previousSequence }: Incoming): void {
  for (const sequence of [version.sequence, previousSequence ?? 0n]) {
    if (sequence > sequenceMax || sequence < -sequenceMax) {
      throw new RejectMessageError(`the version ${sequence} does not fit into 64 bits`);
    }
  }
  if (!Number.isSafeInteger(version.epoch))
    throw new RejectMessageError(`the epoch ${version.epoch} is not an integer`);
}
