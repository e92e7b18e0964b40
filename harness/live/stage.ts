import type { Address, Broker } from '../../runtime/brokers/broker.js';
import type { Clock } from '../../runtime/clock.js';
import { systemClock } from '../../runtime/clock.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { opWord } from '../../runtime/envelope-mapping.js';
import type { CallPolicy } from '../../runtime/http/policy/policy.js';
import { decode, messageType } from '../../runtime/wire.js';
import { faultNamed } from '../faults/registry.js';
import { type CallStep, type Plan, startMs } from '../plan.js';
import type { Subject } from '../subject.js';
import { Callers } from '../world/callers.js';
import type { CallFault } from '../world/hooks.js';
import { stepOfWire } from '../world/observed-broker.js';
import { type Levers, Trouble } from '../world/trouble.js';
import { Witness } from '../world/witness.js';
import { askLive } from './ask-live.js';
import { CallsSeen } from './calls-seen.js';
import { isOnTheWay } from './live-plan.js';

type Values = Readonly<Record<string, unknown>>;

/** One plan being played: what is seen of it, and what its faults do to messages and requests on their way. */
export class Stage {
  readonly witness: Witness;
  readonly calls: CallsSeen;
  /** Clients that call from outside, once each. */
  readonly callers: Callers;
  readonly #trouble: Trouble;
  readonly #subject: Subject;
  readonly #queue: string | undefined;
  readonly #gather: boolean;
  readonly #reached = new Map<string, Promise<Values>>();
  readonly #gathered: (() => Promise<void>)[] = [];
  readonly #held: { readonly afterMs: number; readonly send: () => Promise<void> }[] = [];

  /** `url`: of the service under test. `gather`: messages are kept until `burst`, so that there is a crowd of them. */
  constructor(plan: Plan, subject: Subject, url: string, levers: Levers, gather: boolean) {
    this.#gather = gather;
    this.#subject = subject;
    const clock = fromStart();
    this.witness = new Witness(clock);
    this.callers = new Callers(subject.model, systemClock, askLive(subject, url, this), once);
    this.calls = new CallsSeen(subject.name, this.witness, systemClock.now());
    this.#trouble = new Trouble({ jitter: 0 }, clock, this.witness, levers);
    const { queue, commandQueue } = subject.code.definition;
    this.#queue = queue ?? commandQueue;
    for (const planned of plan.faults.filter(isOnTheWay))
      faultNamed(planned.fault)?.install(planned, this.#trouble.hooks);
  }

  /** What is kept back until the newer messages are there. */
  get held(): number {
    return this.#held.length;
  }

  /** Sends a message of a service that is played here, as far as the plan lets it through. */
  async publish(broker: Broker, service: string, address: Address, given: WireMessage): Promise<void> {
    const step = stepOfWire(given);
    const fault = this.#trouble.publishing(service, given, step);
    const message = typeof fault === 'object' ? fault.replace : given;
    const send = async (): Promise<void> => {
      await broker.publish(address, message);
      this.saw(service, address, message, given.headers['ce-id'] ?? '');
    };
    const delays = this.#queue === undefined ? [1] : (this.#trouble.faults.arrive?.(this.#queue, message) ?? [1]);
    for (const afterMs of [...delays].sort((left, right) => left - right)) {
      if (afterMs <= 1 && this.#gather) this.#gathered.push(send);
      else if (afterMs <= 1) await send();
      else this.#held.push({ afterMs, send });
    }
  }

  /** Reaches the state that a request needs; one for all requests that ask for the same. */
  reached(step: CallStep, reach: () => Promise<Values>): Promise<Values> {
    const key = `${step.operation} ${step.value} ${JSON.stringify(step.set)}`;
    const known = this.#reached.get(key) ?? reach();
    this.#reached.set(key, known);
    return known;
  }

  /** What becomes of a try of a call. */
  calling(calling: Parameters<Trouble['calling']>[0]): CallFault | undefined {
    return this.#trouble.calling(calling);
  }

  saw(service: string, { exchange, key }: Address, message: WireMessage, messageId: string): void {
    const decoded = decode(message);
    this.witness.see(service, stepOfWire(message), {
      ...{ kind: 'published', messageId, type: messageType(message) ?? '', exchange, key },
      envelope: decoded.ok ? decoded.envelope : undefined,
    });
  }

  /** A message of the service under test has come to the broker. */
  overheard(message: WireMessage): void {
    const { definition, name } = this.#subject.code;
    const type = messageType(message) ?? '';
    const owned = Object.values(definition.owned).find((one) => one.message.name === type);
    const sent = [...Object.values(definition.publishes), ...Object.values(definition.sends ?? {})];
    const published = sent.find((one) => one.message.name === type);
    const address = owned?.address ?? published?.address;
    if (address === undefined) return;
    const decoded = decode(message);
    const op =
      decoded.ok && decoded.envelope.op !== undefined ? opWord(owned?.message.envelope, decoded.envelope.op) : '';
    const messageId = message.headers['ce-id'] ?? '';
    const step = stepOfWire(message);
    this.calls.forStep(step, () => {
      this.witness.see(name, step, { kind: 'promised', messageId, type });
      // Other parameters of an address decide over its followers too rarely to be worked out here.
      this.saw(name, { ...address, key: address.key.replace('{op}', op.toLowerCase()) }, message, messageId);
    });
  }

  /** How many messages wait for a burst. */
  get gathered(): number {
    return this.#gathered.length;
  }

  /** Sends so many of them at once, in their order. */
  async burst(count: number): Promise<void> {
    await Promise.all(this.#gathered.splice(0, count).map((send) => send()));
  }

  /** Lets go what was kept back. */
  async release(): Promise<void> {
    const late = this.#held.splice(0).sort((left, right) => left.afterMs - right.afterMs);
    for (const { send } of late) await send();
  }
}

/** Whoever asks again would hide what one request leads to. */
function once({ timeoutMs, deadlineMs, bulkhead }: CallPolicy): CallPolicy {
  return { timeoutMs: deadlineMs ?? timeoutMs, ...(bulkhead && { bulkhead }) };
}

/** Time as plans count it: from the start of a run. */
function fromStart(): Clock {
  const origin = systemClock.now() - startMs;
  return { ...systemClock, now: () => systemClock.now() - origin };
}
