import { type CallOut, callOutNamed, callsOut } from './calls-out.js';
import { HttpStory } from './http-story.js';
import type { Scenario } from './scenario.js';

export interface HttpScenario extends Pick<Scenario, 'id' | 'title' | 'after'> {
  /** Calls that it can be played on; default: all. */
  readonly fits?: (call: CallOut) => boolean;
  /** The simplest plans, simplest first; each is played by every request that may lead to the call. */
  readonly simple: readonly ((story: HttpStory) => void)[];
  /** Any other plan. */
  readonly random: (story: HttpStory) => void;
}

/** A scenario of trouble with the calls that the service under test makes. */
export function httpScenario({ fits, simple, random, ...said }: HttpScenario): Scenario {
  return {
    ...said,
    targets: (subject) => callsOut(subject, fits),
    plan(target, draw) {
      const out = callOutNamed(draw.subject, target);
      if (out === undefined) return undefined;
      const { drivers } = out;
      const plain = simple[Math.floor(draw.index / drivers.length)];
      // What may lead to the call and what does not is found out by trying; the likeliest gets most of the tries.
      const last = drivers.length - 1;
      const drawn = Math.min(draw.random.between(0, last), draw.random.between(0, last));
      const at = plain === undefined ? drawn : draw.index % drivers.length;
      const driver = drivers[at];
      if (driver === undefined) return undefined;
      const story = new HttpStory(draw.subject, out, driver, draw.random);
      (plain ?? random)(story);
      return story.draft(plain === undefined ? draw.random.between(1, 1_000_000) : 0);
    },
  };
}
