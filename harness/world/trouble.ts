import { randomStream } from '../../generator/schema/random.js';
import type { MemoryFaults } from '../../runtime/brokers/memory.js';
import type { Clock } from '../../runtime/clock.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { messageType } from '../../runtime/wire.js';
import { type Plan, startMs } from '../plan.js';
import type { Incarnation } from './death.js';
import { never } from './death.js';
import type {
  Arrival,
  CallFault,
  Calling,
  Flag,
  Handling,
  Hooks,
  Point,
  PointFault,
  PointName,
  PublishFault,
  Publishing,
  Settling,
} from './hooks.js';
import { stepOfWire } from './observed-broker.js';
import type { Witness } from './witness.js';

/** What trouble does to the world; the world fills it in. */
export interface Levers {
  cut(service: string | 'all'): void;
  restore(service: string | 'all'): void;
  /** `life`: the process that dies, where a service has several. */
  crash(service: string, reviveMs: number, life?: Incarnation): void;
  join(service: string): void;
  replay(service: string): void;
  /** Consumer of a queue. */
  serviceOfQueue(queue: string): string;
}

type Ask<Question, Answer> = (question: Question) => Answer | undefined;

/** The faults of one plan at work: hooks on the one side, the ports that ask on the other. */
export class Trouble {
  readonly hooks: Hooks;
  readonly #jitter: () => number;
  readonly #levers: Levers;
  readonly #counts = new Map<string, number>();
  readonly #arrive: Ask<Arrival, readonly number[]>[] = [];
  readonly #publish: Ask<Publishing, PublishFault>[] = [];
  readonly #settle: Ask<Settling, 'lose'>[] = [];
  readonly #points: Ask<Point, PointFault>[] = [];
  readonly #handlers: Ask<Handling, 'throw-before' | 'throw-after'>[] = [];
  readonly #calls: Ask<Calling, CallFault>[] = [];
  readonly #flags: Ask<Flag, boolean>[] = [];
  readonly #clocks: ((service: string) => number)[] = [];
  readonly #heal: (() => void)[] = [];
  #healed = false;

  constructor(plan: Pick<Plan, 'jitter'>, clock: Clock, witness: Witness, levers: Levers) {
    this.#levers = levers;
    const stream = randomStream(plan.jitter);
    // 0 makes timelines that a person can read: every hop takes one millisecond.
    this.#jitter = plan.jitter === 0 ? () => 1 : () => stream.between(1, 30);
    const now = (): number => clock.now() - startMs;
    this.hooks = {
      now,
      at: (ms, run) => {
        clock.timer(Math.max(ms - now(), 0), () => {
          if (!this.#healed) run();
        });
      },
      onHeal: (run) => this.#heal.push(run),
      struck: (fault, words, where = {}) =>
        witness.see(where.service ?? '', where.step, { kind: 'fault', fault, words }),
      onArrive: (ask) => this.#arrive.push(ask),
      onPublish: (ask) => this.#publish.push(ask),
      onSettle: (ask) => this.#settle.push(ask),
      onPoint: (ask) => this.#points.push(ask),
      onHandler: (ask) => this.#handlers.push(ask),
      onCall: (ask) => this.#calls.push(ask),
      onFlag: (ask) => this.#flags.push(ask),
      onClock: (ask) => this.#clocks.push(ask),
      cut: (service) => levers.cut(service),
      restore: (service) => levers.restore(service),
      crash: (service, reviveMs) => levers.crash(service, reviveMs),
      join: (service) => levers.join(service),
      replay: (service) => levers.replay(service),
    };
  }

  /** From now on nothing fails any more: what follows must come right by itself. */
  heal(): void {
    if (this.#healed) return;
    this.#healed = true;
    for (const run of this.#heal) run();
  }

  /** What the broker is asked. */
  get faults(): MemoryFaults {
    return {
      arrive: (queue, message) => {
        const usual = [this.#jitter()];
        if (this.#healed || this.#arrive.length === 0) return usual;
        const step = stepOfWire(message);
        const service = this.#levers.serviceOfQueue(queue);
        return (
          first(this.#arrive, {
            ...{ queue, service, message, step },
            messageId: message.headers['ce-id'],
            type: messageType(message),
            nth: this.#count('arrive', queue, step),
          }) ?? usual
        );
      },
      settle: (queue, message, attempt) => {
        if (this.#healed || this.#settle.length === 0) return 'none';
        const service = this.#levers.serviceOfQueue(queue);
        return first(this.#settle, { queue, service, step: stepOfWire(message), attempt }) ?? 'none';
      },
    };
  }

  publishing(service: string, message: WireMessage, step: string | undefined): PublishFault | undefined {
    if (this.#healed || this.#publish.length === 0) return undefined;
    return first(this.#publish, {
      ...{ service, message, step },
      type: messageType(message),
      nth: this.#count('publish', service, step),
    });
  }

  /** Time that a hop takes, in ms. */
  hopMs(): number {
    return this.#jitter();
  }

  handling(service: string, consumer: string, step: string | undefined): 'throw-before' | 'throw-after' | undefined {
    if (this.#healed || this.#handlers.length === 0) return undefined;
    return first(this.#handlers, { service, consumer, step, nth: this.#count('handle', consumer, step) });
  }

  calling(calling: Omit<Calling, 'nth'>): CallFault | undefined {
    if (this.#healed || this.#calls.length === 0) return undefined;
    const nth = this.#count('call', `${calling.caller} ${calling.provider}.${calling.operation}`, calling.step);
    return first(this.#calls, { ...calling, nth });
  }

  flag(service: string, name: string): boolean | undefined {
    return this.#healed ? undefined : first(this.#flags, { service, name });
  }

  clockOffset(service: string): number {
    let offset = 0;
    for (const ask of this.#clocks) offset += ask(service);
    return offset;
  }

  /** Comes to a point. Never returns when the process dies there. */
  async reach(service: string, point: PointName, step: string | undefined, life: Incarnation): Promise<void> {
    if (life.dead) return never();
    if (this.#healed || this.#points.length === 0) return;
    const fault = first(this.#points, { service, point, step, nth: this.#count(point, service, step) });
    if (fault === undefined) return;
    if (fault.kind === 'fail') throw fault.error;
    this.#levers.crash(service, fault.reviveMs, life);
    return never();
  }

  #count(...what: readonly (string | undefined)[]): number {
    const key = what.join('\n');
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }
}

function first<Question, Answer>(asks: readonly Ask<Question, Answer>[], question: Question): Answer | undefined {
  for (const ask of asks) {
    const answer = ask(question);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
