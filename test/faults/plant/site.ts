import { systemClock } from '../../../runtime/clock.js';
import { chanceOf } from '../../runtime/soak/chance.js';
import { type ServiceName, serviceNames } from './definitions.js';
import { type Member, type MemberOptions, openMember } from './member.js';
import type { Plant } from './plant.js';
import { Truth, type TruthOptions, type Turn } from './truth.js';

export interface SiteOptions {
  readonly seed: number;
  /** Where the services connect, when that is not where the plant does. */
  readonly brokerUrl?: string;
  readonly databaseUrl?: string;
  readonly truth?: TruthOptions;
  /** How many of each service work side by side. Default 1. */
  readonly copies?: Partial<Record<ServiceName, number>>;
  readonly member?: Partial<MemberOptions>;
  /** What is different for each of one service. */
  readonly around?: (service: ServiceName) => MemberOptions['around'];
}

/** The services of a plant in this process, each with connections of its own. */
export interface Site {
  readonly truth: Truth;
  readonly members: readonly Member[];
  /** Turns taken so far. */
  readonly taken: number;
  /** Takes a turn, again and again until the owner has committed it: what became of a commit that was cut off, nobody knows. */
  take(turn: Turn): Promise<void>;
  /** Takes turns of its own accord until `finish`. */
  begin(): void;
  /** Resolves when so many more turns were taken. */
  progress(turns: number): Promise<void>;
  /** Ends the history, waits until all have finished, and looks. Empty when all promises are kept. */
  finish(patienceMs?: number): Promise<readonly string[]>;
}

export async function openSite(plant: Plant, options: SiteOptions): Promise<Site> {
  const chance = chanceOf(options.seed, systemClock);
  const truth = new Truth(chance, options.truth);
  const { brokerUrl = plant.brokerUrl, databaseUrl = plant.databaseUrl, copies = {} } = options;
  const open = (urls: { readonly brokerUrl: string; readonly databaseUrl: string }) =>
    Promise.all(
      serviceNames.flatMap((service) =>
        Array.from({ length: copies[service] ?? 1 }, (_, index) => {
          const around = options.around?.(service);
          const own = { ...options.member, ...(around && { around }) };
          return openMember({ service, ...urls, seed: options.seed + index, failing: 0.05, ...own });
        }),
      ),
    );
  const members = await open({ brokerUrl, databaseUrl });
  let taken = 0;
  let ending = false;
  let busy: Promise<unknown> = Promise.resolve();

  async function take({ service, action }: Turn): Promise<void> {
    const member = members.find(({ service: { name } }) => name === service);
    while (!(await succeeds(member?.perform([action])))) await systemClock.sleep(50);
    taken += 1;
  }

  async function work(): Promise<void> {
    while (!ending) {
      for (const turn of truth.turns(5)) await take(turn);
      // Not faster than followers can: what piles up while a server starts has to be worked off.
      await systemClock.sleep(50);
    }
  }

  return {
    ...{ truth, members, take },
    get taken() {
      return taken;
    },
    begin() {
      busy = work();
    },
    async progress(turns) {
      const until = taken + turns;
      while (taken < until) await systemClock.sleep(10);
    },
    async finish(patienceMs) {
      ending = true;
      await busy;
      for (const turn of truth.completing()) await take(turn);
      return plant.verdict(truth, members, () => open(plant), patienceMs);
    },
  };
}

async function succeeds(work: Promise<unknown> | undefined): Promise<boolean> {
  return (work ?? Promise.reject()).then(
    () => true,
    () => false,
  );
}
