import { systemClock } from '../../../runtime/clock.js';
import { type Chance, chanceOf } from '../../runtime/soak/chance.js';
import { definitions, type ServiceName, serviceNames } from './definitions.js';
import type { Action } from './member.js';
import type { MutantName } from './mutants.js';
import type { Plant } from './plant.js';
import type { End, Worker, Workers } from './processes.js';
import { Truth } from './truth.js';
import type { Death, WorkerOptions } from './worker.js';

export interface CampaignOptions {
  readonly seed: number;
  /** Processes of each service; those of `mortal` are killed again and again. */
  readonly processes: Readonly<Record<ServiceName, number>>;
  readonly mortal: readonly ServiceName[];
  /** Steps to die at, each about as often. Some die at no step in particular as well, killed from outside. */
  readonly steps: readonly string[];
  /** Goes on until so many have died, and each step was hit. */
  readonly deaths: number;
  /** Built into the mortal ones. */
  readonly mutant?: MutantName;
  /** How long the healed system may take to come to rest, in ms. Default 60000. */
  readonly patienceMs?: number;
}

export interface Outcome {
  /** What is wrong in the end; empty when all promises are kept. */
  readonly wrong: readonly string[];
  readonly deaths: number;
  /** How many died at each step. */
  readonly hits: ReadonlyMap<string, number>;
}

/** A death from outside, at no step in particular. */
export const anyMoment = 'any moment';

/** Plays a history while processes die, heals, waits, and looks. */
export async function campaign(plant: Plant, workers: Workers, options: CampaignOptions): Promise<Outcome> {
  const chance = chanceOf(options.seed, systemClock);
  const truth = new Truth(chance);
  const deaths = new Deaths(options, chance);
  const crew = new Crew(plant, workers, options, deaths);
  crew.begin();
  await keepBusy(plant, crew, truth, chance, () => deaths.enough);
  await crew.heal();
  for (const { service, action } of truth.completing()) await crew.tell(service, [action]);
  const wrong = await plant.verdict(truth, crew.current(), () => crew.reopen(), options.patienceMs);
  return { wrong: [...crew.accidents, ...wrong], deaths: deaths.count, hits: deaths.hits };
}

async function keepBusy(plant: Plant, crew: Crew, truth: Truth, chance: Chance, enough: () => boolean): Promise<void> {
  while (!enough()) {
    const turns = truth.turns(12);
    await Promise.all(
      serviceNames.map((name) =>
        crew.tell(
          name,
          turns.filter(({ service }) => service === name).map(({ action }) => action),
        ),
      ),
    );
    if (chance.happens(0.4)) await plant.poison(truth);
    // No further ahead than a few messages, so that dying slows the history down and the end comes soon after.
    while (!enough() && (await waiting(plant)) > 40) await systemClock.sleep(10);
  }
}

async function waiting({ broker }: Plant): Promise<number> {
  const depths = await Promise.all(
    serviceNames.flatMap((name) => definitions[name].topology.queues.map((queue) => broker.admin.depth(queue))),
  );
  return Math.max(...depths.map((depth) => depth?.ready ?? 0));
}

/** Who dies next at which step, and who has. */
class Deaths {
  readonly hits = new Map<string, number>();
  count = 0;
  readonly #options: CampaignOptions;
  readonly #chance: Chance;

  constructor(options: CampaignOptions, chance: Chance) {
    this.#options = options;
    this.#chance = chance;
  }

  get enough(): boolean {
    const { deaths, steps } = this.#options;
    // What does not come in twice the time does not come.
    return this.count >= deaths && (this.count >= 2 * deaths || steps.every((step) => this.hits.has(step)));
  }

  /** Undefined: from outside. */
  next(): Death | undefined {
    const { steps } = this.#options;
    if (this.#chance.happens(0.1)) return undefined;
    // Half of them where fewest have died, so that each step has its turn; the rare ones would take all the time if all did.
    const least = Math.min(...steps.map((step) => this.#hitsOf(step)));
    const rare = steps.filter((step) => this.#hitsOf(step) === least);
    const step = this.#chance.one(this.#chance.happens(0.5) ? rare : steps);
    return { step, nth: 1 + this.#chance.integer(this.hits.has(step) ? 4 : 1), latest: 600 };
  }

  delayMs(): number {
    return this.#chance.integer(300);
  }

  happened({ signal, step = anyMoment }: End): void {
    if (signal !== 'SIGKILL') return;
    this.count += 1;
    this.hits.set(step, this.#hitsOf(step) + 1);
  }

  #hitsOf(step: string): number {
    return this.hits.get(step) ?? 0;
  }
}

/** The processes: whoever dies is followed by another one. */
class Crew {
  readonly accidents: string[] = [];
  readonly #plant: Plant;
  readonly #workers: Workers;
  readonly #options: CampaignOptions;
  readonly #deaths: Deaths;
  readonly #clock = { originMs: Date.now(), speed: 10 };
  readonly #places = new Map<string, Worker>();
  readonly #lines: Promise<void>[] = [];
  readonly #sound = new Set<string>();
  #started = 0;

  constructor(plant: Plant, workers: Workers, options: CampaignOptions, deaths: Deaths) {
    this.#plant = plant;
    this.#workers = workers;
    this.#options = options;
    this.#deaths = deaths;
  }

  begin(): void {
    for (const place of this.#everyPlace()) {
      if (!this.#options.mortal.includes(place.service)) this.#startSound(place);
      else this.#lines.push(this.#oneAfterTheOther(place));
    }
  }

  /** Ends when some process of the service has done all of it, be it in several attempts. */
  async tell(service: ServiceName, actions: readonly Action[]): Promise<void> {
    // One by one: who dies at every tenth step would never come to the end of a long list.
    for (const action of actions) {
      while ((await this.#places.get(`${service} 0`)?.perform([action])) !== true) await systemClock.sleep(5);
    }
  }

  /** From now on nobody dies, and everybody is sound. */
  async heal(): Promise<void> {
    for (const { place } of this.#everyPlace()) if (!this.#sound.has(place)) this.#places.get(place)?.kill();
    await Promise.all(this.#lines);
  }

  current(): readonly Worker[] {
    return [...this.#places.values()];
  }

  async reopen(): Promise<readonly Worker[]> {
    for (const place of this.#everyPlace()) this.#startSound(place);
    return this.current();
  }

  #everyPlace(): readonly Place[] {
    return serviceNames.flatMap((service) =>
      Array.from({ length: this.#options.processes[service] }, (_, index) => ({
        service,
        place: `${service} ${index}`,
      })),
    );
  }

  async #oneAfterTheOther(place: Place): Promise<void> {
    while (!this.#deaths.enough) {
      const death = this.#deaths.next();
      const worker = this.#start(place, death, this.#options.mutant);
      if (death === undefined) void this.#killLater(worker);
      this.#deaths.happened(await worker.gone);
    }
    // At once: the history may be waiting for it.
    this.#startSound(place);
  }

  #startSound(place: Place): void {
    this.#sound.add(place.place);
    this.#start(place, undefined, undefined);
  }

  async #killLater(worker: Worker): Promise<void> {
    await worker.ready;
    await systemClock.sleep(this.#deaths.delayMs());
    worker.kill();
  }

  #start({ service, place }: Place, death: Death | undefined, mutant: MutantName | undefined): Worker {
    const { brokerUrl, databaseUrl } = this.#plant;
    this.#started += 1;
    const options: WorkerOptions = {
      ...{ service, brokerUrl, databaseUrl, clock: this.#clock, failing: 0.2, prefetch: 4 },
      seed: this.#options.seed + this.#started,
      ...(death && { death }),
      ...(mutant && { mutant }),
    };
    const worker = this.#workers.start(options);
    this.#places.set(place, worker);
    void worker.gone.then(({ accident }) => {
      if (accident !== undefined) this.accidents.push(`accident: ${accident}`);
    });
    return worker;
  }
}

interface Place {
  readonly service: ServiceName;
  readonly place: string;
}
