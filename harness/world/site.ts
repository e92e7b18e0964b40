import type { MemoryBroker } from '../../runtime/brokers/memory.js';
import type { Cancel, Clock } from '../../runtime/clock.js';
import type { HttpServer } from '../../runtime/http/server.js';
import type { Logger } from '../../runtime/log.js';
import { currentScope } from '../../runtime/scope.js';
import type { SecurityOptions } from '../../runtime/security/security.js';
import type { Service } from '../../runtime/service.js';
import type { Store } from '../../runtime/stores/store.js';
import { repliesKeptMs, stepOf } from '../plan.js';
import type { CreatedService, HarnessOptions } from '../subject.js';
import { Death, Incarnation } from './death.js';
import { observedBroker } from './observed-broker.js';
import { noteInTransaction, observedStore } from './observed-store.js';
import { seededRandom } from './random.js';
import type { Trouble } from './trouble.js';
import type { Witness } from './witness.js';

/** What a site runs in. */
export interface Surroundings {
  readonly clock: Clock;
  readonly broker: MemoryBroker;
  readonly witness: Witness;
  readonly trouble: Trouble;
  /** Base URL of each service. */
  readonly urls: Readonly<Record<string, string>>;
  /** What a service proves itself with, where the contracts ask for it. */
  identity(service: string): SecurityOptions | undefined;
  call(caller: string, life: Incarnation, url: string, init: RequestInit): Promise<Response>;
}

/** The place of one service: its data outlive its processes. */
export class Site {
  readonly name: string;
  readonly store: Store;
  readonly #create: (options: HarnessOptions) => CreatedService;
  readonly #around: Surroundings;
  #life: Incarnation | undefined;
  #created: CreatedService | undefined;
  #connection: ReturnType<MemoryBroker['connect']> | undefined;
  #lives = 0;
  readonly #process: number;

  /** `process`: the how manieth of the service. */
  constructor(
    name: string,
    store: Store,
    create: (options: HarnessOptions) => CreatedService,
    around: Surroundings,
    process = 1,
  ) {
    this.name = name;
    this.#process = process;
    this.store = store;
    this.#create = create;
    this.#around = around;
  }

  get service(): Service | undefined {
    return this.#created?.service;
  }

  get server(): HttpServer | undefined {
    return this.#created?.server;
  }

  get life(): Incarnation | undefined {
    return this.#life;
  }

  /** Starts a process. Resolves when it is up; never, when it dies on the way. */
  async start(): Promise<void> {
    const { witness } = this.#around;
    const life = new Incarnation();
    this.#life = life;
    this.#lives += 1;
    this.#created = this.#create(this.#options(life));
    await life.alive(this.#created.service.start());
    witness.see(this.name, undefined, { kind: 'started' });
  }

  /** The process dies where it stands. */
  crash(): void {
    if (this.#life === undefined || this.#life.dead) return;
    this.#around.witness.see(this.name, undefined, { kind: 'crashed' });
    this.#life.die();
  }

  /** The world is over. */
  end(): void {
    this.#life?.die();
  }

  cut(): void {
    this.#connection?.cut();
  }

  restore(): void {
    this.#connection?.restore();
  }

  #options(life: Incarnation): HarnessOptions {
    const { broker, clock, witness, trouble, urls, identity } = this.#around;
    const connection = broker.connect();
    const security = identity(this.name);
    this.#connection = connection;
    const seen = witness.for(this.name);
    const reach = (point: Parameters<Trouble['reach']>[1], step: string | undefined): Promise<void> =>
      trouble.reach(this.name, point, step, life);
    return {
      clock: mortalClock(clock, life, () => trouble.clockOffset(this.name)),
      random: seededRandom(clock, `${this.name}/${this.#process === 1 ? '' : 'second/'}${this.#lives}`),
      log: recordedLog(life, witness, this.name),
      broker: observedBroker(connection, {
        life,
        seen,
        reach,
        publishing: (message, step) => trouble.publishing(this.name, message, step),
      }),
      store: observedStore(this.store, {
        life,
        seen,
        reach,
        currentStep,
        stepOfMessage: (id) => witness.stepOfMessage(id),
      }),
      urls,
      keepRepliesMs: repliesKeptMs,
      flags: (name) => trouble.flag(this.name, name),
      ...(security !== undefined && { security }),
      fetch: (url, init) => this.#around.call(this.name, life, url, init),
      aroundHandler: async ({ consumer, messageId, correlationId, attempt }, handle) => {
        const step = stepOf(correlationId);
        const broken = trouble.handling(this.name, consumer, step);
        try {
          if (broken === 'throw-before') throw new Error('the handler fails, as the plan says');
          await handle();
          if (broken === 'throw-after') throw new Error('the handler fails after its work, as the plan says');
        } catch (error) {
          if (!(error instanceof Death) && !life.dead)
            seen(step, { kind: 'handler-failed', consumer, messageId, error: String(error) });
          throw error;
        }
        const handled = { kind: 'handled', consumer, messageId, attempt } as const;
        if (!noteInTransaction(step, handled)) seen(step, handled);
      },
    };
  }
}

/** Step that the work at hand follows from. */
export function currentStep(): string | undefined {
  return stepOf(currentScope()?.cause.correlationId);
}

/** Timers of a dead process do nothing. */
function mortalClock(clock: Clock, life: Incarnation, offset: () => number): Clock {
  return {
    now: () => clock.now() + offset(),
    timer(delayMs, run): Cancel {
      return clock.timer(delayMs, () => {
        if (!life.dead) run();
      });
    },
    sleep: (delayMs, signal) => life.alive(clock.sleep(delayMs, signal)),
  };
}

function recordedLog(life: Incarnation, witness: Witness, service: string): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') => (facts: Readonly<Record<string, unknown>>, message: string) => {
      if (!life.dead) witness.log({ service, level, message, facts });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
