import { VirtualClock } from '../../../harness/virtual-clock.js';
import type { Broker } from '../../../runtime/brokers/broker.js';
import { memoryBroker } from '../../../runtime/brokers/memory.js';
import { systemRandom } from '../../../runtime/clock.js';
import { outgoing } from '../../../runtime/define.js';
import type { MessageDefinition, ServiceDefinition } from '../../../runtime/definition.js';
import { HttpStatusError, HttpTimeoutError } from '../../../runtime/http/errors.js';
import type { Logger } from '../../../runtime/log.js';
import type { RetryPolicy } from '../../../runtime/retry-policy.js';
import type { SagaControl, SagaDefinition, SagaLocalContext } from '../../../runtime/saga/definition.js';
import type { SagaPlan, SagaStepPlan } from '../../../runtime/saga/plan.js';
import { SagaStepFailed } from '../../../runtime/saga/step-failed.js';
import { transitionTable } from '../../../runtime/saga/table.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import type { Store } from '../../../runtime/stores/store.js';
import { encode } from '../../../runtime/wire.js';

/** What a payment is started with. */
export interface Pay {
  readonly paymentId: string;
  readonly amount: number;
}

const retry: RetryPolicy = { attemptsMax: 3, backoff: 'fixed', initialMs: 1_000, maxMs: 1_000, jitter: 'none' };

const refund: NonNullable<SagaStepPlan['compensate']> = {
  action: {
    ...{ kind: 'call', provider: 'gateway', operation: 'refund', keyAs: 'key' },
    with: { transactionId: '$steps.charge.outputs.transactionId' },
  },
  retry: { ...retry, attemptsMax: 5 },
};

const byId = (message: string) => ({ message, id: 'paymentId' });

/** Pays an invoice: look, take a note, charge the card, reserve the goods, mark as paid (no way back), tell the balance. */
export const payPlan: SagaPlan = {
  ...{ name: 'pay', version: 'v1', style: 'orchestration', timeoutMs: 120_000 },
  steps: [
    step('check', 'query', { kind: 'local', name: 'check', with: {} }),
    step(
      'note',
      'compensatable',
      { kind: 'local', name: 'note', with: {} },
      {
        compensate: { action: { kind: 'local', name: 'unnote', with: {} }, retry },
      },
    ),
    step(
      'charge',
      'compensatable',
      {
        ...{ kind: 'call', provider: 'gateway', operation: 'charge', keyAs: 'key' },
        with: { amount: '$invoice.amount', who: '$input.paymentId' },
      },
      {
        outputs: { transactionId: '$response.body#/transactionId' },
        ...{ onUnknown: 'query', timeoutMs: 5_000 },
        query: { kind: 'call', provider: 'gateway', operation: 'find', with: {}, keyAs: 'key' },
        compensate: refund,
      },
    ),
    step(
      'reserve',
      'compensatable',
      {
        ...{ kind: 'send', command: 'Reserve', with: { paymentId: '$run.id' } },
        succeeds: [byId('Reserved')],
        fails: [byId('Refused')],
      },
      {
        outputs: { place: '$message#/place' },
        timeoutMs: 10_000,
        compensate: {
          action: { kind: 'send', command: 'Release', with: { paymentId: '$run.id' }, succeeds: [], fails: [] },
          retry,
        },
      },
    ),
    step(
      'paid',
      'pivot',
      { kind: 'local', name: 'paid', with: {} },
      {
        announce: { kind: 'publish', name: 'Paid', with: { paymentId: '$run.id' } },
      },
    ),
    step(
      'balance',
      'best-effort',
      { kind: 'call', provider: 'ledger', operation: 'add', with: { amount: '$input.amount' }, keyAs: 'key' },
      { onFailure: 'continue' },
    ),
  ],
  completed: { kind: 'publish', name: 'Completed', with: { paymentId: '$run.id' } },
  compensated: { kind: 'publish', name: 'Cancelled', with: { paymentId: '$run.id' } },
};

function step(
  id: string,
  kind: SagaStepPlan['kind'],
  action: SagaStepPlan['action'],
  more: Partial<SagaStepPlan> = {},
): SagaStepPlan {
  return { id, kind, action, outputs: {}, retry, onFailure: 'compensate', onUnknown: 'retry-same-key', ...more };
}

const message = (name: string): MessageDefinition => ({
  ...{ name, version: '1' },
  validate: (data): data is unknown => typeof data === 'object' && data !== null && 'paymentId' in data,
});

export function sagaOf(plan: SagaPlan, more: Partial<SagaDefinition> = {}): SagaDefinition {
  return {
    ...{ plan, transitions: transitionTable(plan), property: 'pay' },
    locals: ['check', 'note', 'unnote', 'paid'],
    messages: ['Reserved', 'Refused'].map(message),
    id: (input) => (input as Pay).paymentId,
    ...more,
  };
}

/** How the gateway behaves at a call: it acts and answers, refuses, acts and the answer is lost, does not act and does not answer, or never answers. */
export type Mood = 'well' | 'declines' | 'loses' | 'dies' | 'hangs';

/** Services around the saga: what has happened there, by key. */
export class Outside {
  readonly charges = new Map<string, string>();
  readonly refunds = new Map<string, string>();
  readonly added = new Map<string, number>();
  readonly calls: string[] = [];
  /** Moods of the next calls, by operation; then all goes well. */
  readonly moods: Record<string, Mood[]> = {};

  readonly methods = {
    'gateway.charge': (request: { readonly key: string }) =>
      this.#act('charge', request.key, () => {
        if (!this.charges.has(request.key)) this.charges.set(request.key, `t${this.charges.size + 1}`);
        return { transactionId: this.charges.get(request.key) };
      }),
    'gateway.find': (request: { readonly key: string }) =>
      this.#act('find', request.key, () => {
        const transactionId = this.charges.get(request.key);
        return transactionId === undefined ? null : { transactionId };
      }),
    'gateway.refund': (request: { readonly key: string; readonly transactionId: string }) =>
      this.#act('refund', request.key, () => {
        this.refunds.set(request.key, request.transactionId);
        return {};
      }),
    'ledger.add': (request: { readonly key: string; readonly amount: number }) =>
      this.#act('add', request.key, () => {
        this.added.set(request.key, request.amount);
        return {};
      }),
  };

  async #act(operation: string, key: string, act: () => unknown): Promise<unknown> {
    this.calls.push(`${operation} ${key}`);
    const mood = this.moods[operation]?.shift() ?? 'well';
    const place = { provider: 'gateway', operation };
    if (mood === 'declines') throw new HttpStatusError(place, 402, { detail: 'no money' });
    if (mood === 'dies') throw new HttpTimeoutError(place, 1_000);
    if (mood === 'hangs') return new Promise(() => {});
    const answer = act();
    if (mood === 'loses') throw new HttpTimeoutError(place, 1_000);
    return answer;
  }
}

export type Local = (
  context: SagaLocalContext<Pay, Record<string, unknown>, unknown, ServiceTransaction>,
) => Promise<unknown>;

export type Sales = Service<ServiceTransaction & { readonly sagas: { readonly pay: SagaControl<Pay> } }> & {
  readonly sagas: { readonly pay: SagaControl<Pay> };
};

export interface InstanceOptions {
  readonly saga?: SagaDefinition;
  readonly locals?: Readonly<Record<string, Local>>;
  readonly store?: Store;
  readonly broker?: Broker;
  readonly log?: Logger;
}

/** A shop whose sales pays by saga, on virtual time. */
export function shop(store: Store = memoryStore(), busy: () => boolean = () => false) {
  const clock = new VirtualClock(undefined, busy);
  const broker = memoryBroker({ clock });
  const outside = new Outside();
  const ran: string[] = [];
  const exchange = { name: 'shop', kind: 'topic' } as const;
  const queue = (name: string, key: string) => ({
    ...{ name, service: name, bindings: [{ exchange: exchange.name, key }] },
    ...{ deadLetter: `${name}.dlq`, maxDeliveries: 10, partitions: 1 },
  });
  const sends = (name: string) =>
    outgoing({ message: message(name), address: { exchange: 'shop', key: `told.${name}` }, outbox: true });
  const definition = (saga: SagaDefinition): ServiceDefinition => ({
    ...{ system: 'shop', service: 'sales', owned: {}, copies: {}, effects: [], queue: 'sales', sagas: [saga] },
    sends: { Reserve: sends('Reserve'), Release: sends('Release') },
    publishes: { Paid: sends('Paid'), Completed: sends('Completed'), Cancelled: sends('Cancelled') },
    topology: { exchanges: [exchange], queues: [queue('sales', 'stock.#'), queue('told', 'told.#')] },
  });
  const local =
    (name: string, result: object = {}): Local =>
    async ({ run }) => {
      ran.push(`${name} ${run.id}`);
      return result;
    };
  const locals: Readonly<Record<string, Local>> = {
    check: local('check', { invoice: { amount: 7 } }),
    ...{ note: local('note'), unnote: local('unnote'), paid: local('paid') },
  };

  return {
    ...{ clock, broker, store, outside, ran },
    instance: ({
      saga = sagaOf(payPlan),
      locals: own = {},
      store: on = store,
      broker: by = broker,
      log,
    }: InstanceOptions = {}): Sales =>
      createService<never, never, never>(definition(saga), {
        ...{ broker: by, clock, store: on, random: systemRandom, stopGraceMs: 1_000 },
        ...(log && { log }),
        sagas: { pay: { ...locals, ...own } },
        sagaCalls: outside.methods,
      }) as unknown as Sales,
    /** Names of the messages that were sent, in their order. */
    told: () => broker.messages('told').map(({ headers }) => headers['ce-type'] ?? ''),
    toldIds: () => broker.messages('told').map(({ headers }) => headers['ce-id'] ?? ''),
    /** Says something as the stock service does. */
    async say(name: string, data: object, id: string = systemRandom.uuid()): Promise<void> {
      const envelope = { id, source: 'stock', type: name, time: '2026-01-01T00:00:00Z', correlationid: 'c', data };
      await clock.run(broker.publish({ exchange: 'shop', key: `stock.${name}` }, encode(envelope)));
    },
  };
}

export const declined: Local = async () => {
  throw new SagaStepFailed('the invoice is paid already');
};
