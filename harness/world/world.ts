import type { Model } from '../../generator/model/types.js';
import { type MemoryBroker, memoryBroker } from '../../runtime/brokers/memory.js';
import { jose } from '../../runtime/http/jwt.js';
import { queuesOf } from '../../runtime/service-queue.js';
import type { Store } from '../../runtime/stores/store.js';
import { faultNamed } from '../faults/registry.js';
import type { EndState } from '../history.js';
import { entityId, type Plan, startMs } from '../plan.js';
import { ownerOf, type Subject } from '../subject.js';
import { VirtualClock } from '../virtual-clock.js';
import { Callers } from './callers.js';
import { collectEnd } from './collect-end.js';
import type { Incarnation } from './death.js';
import { identityOf } from './identities.js';
import type { InhabitedWorld } from './inhabited.js';
import { providersIn, urlOf } from './providers/in-world.js';
import { seededRandom } from './random.js';
import { realWork, watchRealWork } from './real-work.js';
import { remembered } from './remembered.js';
import { replayDeadLetters } from './replay.js';
import { createFor, type Part, tapOf } from './roles.js';
import { Site } from './site.js';
import { performStep } from './steps.js';
import { Trouble } from './trouble.js';
import { virtualHttp } from './virtual-http.js';
import { Witness } from './witness.js';

export interface WorldOptions {
  readonly subject: Subject;
  readonly plan: Plan;
  /** Which services take part, and as what. */
  readonly parts: ReadonlyMap<string, Part>;
  /** An empty store for a service. */
  readonly store: (service: string, clock: VirtualClock) => Store;
  /** Whether real work is under way in a store. */
  readonly busy?: () => boolean;
  /** Changes a service before it runs, such as by a mistake to be found. */
  readonly mutate?: (create: ReturnType<typeof createFor>, service: string) => ReturnType<typeof createFor>;
}

/** How long a crashed process stays down when its fault does not say, ms. */
const patienceMs = 20 * 60_000;
/** Happenings after which a run is not going to end by itself. */
const happeningsMax = 5_000;
/** A system that looks at rest is given this long to prove it, ms. */
const quietMs = 60;
/** The same where messages wait in a store: they are looked at every few seconds, and may be right to wait for ever. */
const waitingMs = 11_000;

/** Services on one virtual broker, each with a store of its own, in virtual time. One world runs one plan. */
export class World implements InhabitedWorld {
  readonly clock: VirtualClock;
  readonly broker: MemoryBroker;
  readonly witness: Witness;
  readonly trouble: Trouble;
  readonly callers: Callers;
  readonly sites = new Map<string, Site>();
  readonly subject: Subject;
  readonly plan: Plan;
  /** Makes the second process of a service. */
  readonly #another = new Map<string, () => Site>();
  /** By service. */
  readonly #queueNames: ReadonlyMap<string, readonly string[]>;
  #open = 0;
  #down = 0;

  constructor({ subject, plan, parts, store, busy, mutate }: WorldOptions) {
    this.subject = subject;
    this.plan = plan;
    this.#queueNames = queueNamesOf(subject.services);
    watchRealWork();
    this.clock = new VirtualClock(startMs, () => realWork() || busy?.() === true);
    this.witness = new Witness(this.clock);
    this.trouble = new Trouble(plan, this.clock, this.witness, {
      cut: (service) => this.#each(service, (site) => site.cut()),
      restore: (service) => this.#each(service, (site) => site.restore()),
      crash: (service, reviveMs, life) => this.crash(service, reviveMs, life),
      join: (service) => this.#join(service),
      replay: (service) => this.#count(replayDeadLetters(this, service)),
      serviceOfQueue: (queue) => this.#serviceOfQueue(queue),
    });
    this.broker = memoryBroker({
      clock: this.clock,
      random: seededRandom(this.clock, `broker/${plan.jitter}`),
      faults: this.trouble.faults,
    });
    const urls = urlsOf(subject.model);
    const call = virtualHttp({
      model: subject.model,
      clock: this.clock,
      witness: this.witness,
      trouble: this.trouble,
      provider: providersIn(subject.model, plan.seed, this.sites),
    });
    this.callers = new Callers(subject.model, this.clock, call);
    const identity = (service: string) => identityOf(subject.model, service);
    for (const [name, part] of parts) {
      const code = subject.services.get(name);
      if (code === undefined) continue;
      const usual = createFor(part, code);
      const create = mutate?.(usual, name) ?? usual;
      const { clock, broker, witness, trouble } = this;
      const around = { clock, broker, witness, trouble, urls, identity, call };
      const own = store(name, clock);
      this.sites.set(name, new Site(name, own, create, around));
      this.#another.set(name, () => new Site(name, own, create, around, 2));
    }
  }

  /** Starts everybody, plays the plan, heals, and waits for rest. */
  async play(): Promise<void> {
    await this.#begin();
    const origin = this.trouble.hooks.now();
    const lastMs = Math.max(0, ...this.plan.steps.map((step) => step.at));
    for (const step of this.plan.steps) {
      this.#open += 1;
      this.clock.timer(Math.max(origin + step.at - this.trouble.hooks.now(), 0), () => {
        void performStep(this, step).finally(() => {
          this.#open -= 1;
        });
      });
    }
    const lastFaultMs = Math.max(0, ...this.plan.faults.flatMap((fault) => instants(fault)));
    await this.clock.advance(Math.max(lastMs, lastFaultMs) + faultWindowMs);
    this.trouble.heal();
    this.witness.see('', undefined, { kind: 'healed' });
    await this.#rest();
  }

  /** Starts everybody, lets somebody act, heals, and waits for rest. Rejects with what `script` throws. */
  async act(script: () => Promise<void>): Promise<void> {
    await this.#begin();
    await this.clock.run(script(), this.plan.restMs ?? patienceMs);
    this.trouble.heal();
    this.witness.see('', undefined, { kind: 'healed' });
    await this.#rest();
  }

  /** Resolves in virtual time when nothing is left to do; for whoever acts in this world. */
  async settled(): Promise<void> {
    const until = this.clock.now() + patienceMs;
    for (let quietFor = 0; quietFor < quietMs && this.clock.now() < until; ) {
      await this.clock.sleep(10);
      quietFor = this.#quiet() ? quietFor + 10 : 0;
    }
  }

  async #begin(): Promise<void> {
    // Loading a library takes real time, of which virtual time knows nothing.
    await jose();
    await this.broker.declare(tapOfAll(this.subject.services));
    for (const site of this.sites.values()) await this.clock.run(site.start());
    for (const planned of this.plan.faults) faultNamed(planned.fault)?.install(planned, this.trouble.hooks);
  }

  async collect(): Promise<EndState> {
    return this.clock.run(collectEnd(this));
  }

  /** Nobody in it does anything any more. */
  async stop(): Promise<void> {
    for (const site of this.sites.values()) site.end();
    // Stores undo what was under way.
    await this.clock.advance(0);
  }

  /** Kills the process whose `life` it is; default: the first one of the service. */
  crash(service: string, reviveMs: number, life?: Incarnation): void {
    const site = [...this.sites.values()].find((one) => one.name === service && (life ?? one.life) === one.life);
    if (site === undefined || site.life?.dead !== false) return;
    site.crash();
    this.#down += 1;
    this.clock.timer(Math.max(reviveMs, 1), () => {
      this.#down -= 1;
      this.#wake(site);
    });
  }

  /** Counts as down until it is up, or dies again on the way. */
  #wake(site: Site): void {
    this.#down += 1;
    let ended = false;
    const end = (): void => {
      if (!ended) this.#down -= 1;
      ended = true;
    };
    void site.start().finally(end);
    site.life?.atDeath(end);
  }

  /** Id of an entity of the plan. */
  idOf(entity: string, key: string): string {
    return entityId(entity, key);
  }

  ownerSite(entity: string): Site | undefined {
    const owner = ownerOf(this.subject, entity);
    return owner && this.sites.get(owner.service.name);
  }

  #join(service: string): void {
    const key = `${service}#2`;
    const site = this.#another.get(service)?.();
    if (site === undefined || this.sites.has(key)) return;
    this.sites.set(key, site);
    this.#wake(site);
  }

  /** The world is not at rest before this has ended. */
  #count(work: Promise<void>): void {
    this.#open += 1;
    void work.finally(() => {
      this.#open -= 1;
    });
  }

  async #rest(): Promise<void> {
    const limitMs = this.plan.restMs ?? patienceMs;
    const until = this.clock.now() + limitMs;
    while (this.clock.now() < until && !this.#spins()) {
      try {
        await this.clock.runUntil(() => this.#quiet() || this.#spins() || this.clock.now() >= until, limitMs * 2);
      } catch {
        // Nothing is left that could happen.
        break;
      }
      const seen = this.witness.happenings.length;
      await this.clock.advance(this.witness.parked > 0 ? waitingMs : quietMs);
      if (this.#quiet() && this.witness.happenings.length === seen) {
        this.witness.see('', undefined, { kind: 'at-rest' });
        return;
      }
    }
    this.witness.see('', undefined, { kind: 'restless' });
  }

  /** Something goes round and round without ever waiting: no time would pass, and none has to. */
  #spins(): boolean {
    return this.witness.happenings.length > happeningsMax;
  }

  /** Nothing queued, nothing in work, nothing to leave, nobody down. */
  #quiet(): boolean {
    if (this.#open > 0 || this.#down > 0 || this.witness.unsent > 0) return false;
    for (const site of this.sites.values()) {
      for (const queue of this.#queuesOf(site)) {
        const { ready, inFlight, delayed } = this.broker.depth(queue);
        if (ready + inFlight + delayed > 0) return false;
      }
    }
    return true;
  }

  #queuesOf(site: Site): readonly string[] {
    return (this.#queueNames.get(site.name) ?? []).filter((name) => this.broker.hasQueue(name));
  }

  #serviceOfQueue(queue: string): string {
    for (const site of this.sites.values()) {
      if (this.#queueNames.get(site.name)?.includes(queue)) return site.name;
    }
    return '';
  }

  #each(service: string, run: (site: Site) => void): void {
    for (const site of this.sites.values()) if (service === 'all' || site.name === service) run(site);
  }
}

type Services = Subject['services'];

const tapOfAll = remembered((services: Services) => tapOf(services.values()));

const queueNamesOf = remembered(
  (services: Services) =>
    new Map([...services].map(([name, { definition }]) => [name, queuesOf(definition).map((queue) => queue.name)])),
);

const urlsOf = remembered((model: Model) =>
  Object.fromEntries([...model.services.keys()].map((name) => [name, urlOf({ model }, name)])),
);

/** After the last step and the last timed fault, so that faults that follow from a message still find it in work, ms. */
const faultWindowMs = 400;

function instants(fault: Readonly<Record<string, unknown>>): readonly number[] {
  const at = typeof fault['atMs'] === 'number' ? fault['atMs'] : 0;
  const lasts = typeof fault['forMs'] === 'number' ? fault['forMs'] : 0;
  const by = typeof fault['byMs'] === 'number' ? fault['byMs'] : 0;
  return [at + lasts, by];
}
