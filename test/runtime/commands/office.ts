import type { Broker, Queue, Topology } from '../../../runtime/brokers/broker.js';
import { type Clock, systemRandom } from '../../../runtime/clock.js';
import { command, defaultRetry, effect } from '../../../runtime/define.js';
import type {
  CommandHandler,
  CommandSender,
  EffectHandler,
  MessageDefinition,
  ServiceDefinition,
} from '../../../runtime/definition.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceOptions } from '../../../runtime/service-options.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { memoryStore } from '../../../runtime/stores/memory.js';
import type { Store } from '../../../runtime/stores/store.js';

export interface SendReceipt {
  readonly receiptId: string;
  readonly to: string;
}

export interface ReceiptSent {
  readonly receiptId: string;
  readonly by: string;
}

export interface SalesTransaction extends ServiceTransaction {
  readonly send: { readonly SendReceipt: CommandSender<SendReceipt> };
}

export type OnSendReceipt = CommandHandler<SendReceipt, ReceiptSent, ServiceTransaction>;
export type OnReceiptSent = EffectHandler<ReceiptSent, SalesTransaction>;

function message<M>(name: string, ...fields: readonly string[]): MessageDefinition<M> {
  const validate = (data: unknown): data is M =>
    typeof data === 'object' && data !== null && fields.every((field) => field in data);
  return { name, version: '1', validate };
}

export const sendReceipt = message<SendReceipt>('SendReceipt', 'receiptId', 'to');
export const receiptSent = message<ReceiptSent>('ReceiptSent', 'receiptId', 'by');

export interface OfficeOptions {
  readonly broker: Broker;
  /** Client of the receiver. Default: the same. */
  readonly receiving?: Broker;
  readonly clock: Clock;
  /** In front of every name, on brokers that others use, too. */
  readonly prefix?: string;
  readonly delayMs?: number;
  readonly validForMs?: number;
  readonly transaction?: 'single' | 'none';
  /** Where the receiver believes the answers of sales to go. Default: where they do go. */
  readonly replyKey?: string;
  readonly onSendReceipt: OnSendReceipt;
  readonly onReceiptSent?: OnReceiptSent;
  readonly options?: Partial<ServiceOptions>;
  readonly store?: (service: string) => Store;
}

export interface Office {
  readonly sales: Service<SalesTransaction>;
  /** Two processes of the one receiver. */
  readonly notification: readonly Service[];
  /** Where commands are sent, and the queues by service. */
  readonly exchange: string;
  readonly queues: { readonly sales: Queue; readonly notification: Queue };
  readonly stores: { readonly sales: Store; readonly notification: Store };
  /** One more process of the receiver; not started. */
  another(): Service;
}

/** Sales sends receipts by notification, and hears of it. Nothing is started. */
export function openOffice(options: OfficeOptions): Office {
  const { broker, clock, prefix = '' } = options;
  const exchange = `${prefix}office.commands`;
  const queueNamed = (service: string): Queue => {
    const name = `${prefix}${service}.commands`;
    return {
      ...{ name, service, bindings: [{ exchange, key: name }], deadLetter: `${name}.dlq` },
      ...{ maxDeliveries: 20, partitions: 1 },
    };
  };
  const queues = { sales: queueNamed('sales'), notification: queueNamed('notification') };
  const makeStore = options.store ?? (() => memoryStore());
  const stores = { sales: makeStore('sales'), notification: makeStore('notification') };
  const shared = { broker, clock, random: systemRandom, ...options.options };
  const another = (): Service =>
    createService(notificationDefinition(options, exchange, queues), {
      ...shared,
      broker: options.receiving ?? broker,
      store: stores.notification,
      handlers: { onSendReceipt: options.onSendReceipt },
    });
  return {
    ...{ exchange, queues, stores, another },
    sales: createService<SalesTransaction>(salesDefinition(options, exchange, queues), {
      ...shared,
      store: stores.sales,
      handlers: { onReceiptSent: options.onReceiptSent ?? (async () => {}) },
    }),
    notification: [another(), another()],
  };
}

function salesDefinition(
  { delayMs, validForMs }: OfficeOptions,
  exchange: string,
  queues: Office['queues'],
): ServiceDefinition {
  const definition = command<SendReceipt>({
    message: sendReceipt,
    address: { exchange, key: queues.notification.name },
    outbox: true,
    ...(delayMs !== undefined && { delayMs }),
    ...(validForMs !== undefined && { validForMs }),
    reply: { message: receiptSent, key: queues.sales.name },
    key: ({ receiptId }) => receiptId,
  });
  return {
    ...bare('sales', { exchanges: [{ name: exchange, kind: 'direct' }], queues: [queues.sales] }),
    sends: { SendReceipt: definition },
    commandQueue: queues.sales.name,
    effects: [
      effect<ReceiptSent>({
        ...{ name: 'sales.onReceiptSent', handler: 'onReceiptSent', message: receiptSent },
        ...{ awaits: [], retry: defaultRetry, transaction: 'single' },
      }),
    ],
  };
}

function notificationDefinition(
  { transaction = 'single', replyKey }: OfficeOptions,
  exchange: string,
  queues: Office['queues'],
): ServiceDefinition {
  return {
    ...bare('notification', { exchanges: [{ name: exchange, kind: 'direct' }], queues: [queues.notification] }),
    commandQueue: queues.notification.name,
    effects: [
      effect<SendReceipt>({
        ...{ name: 'notification.onSendReceipt', handler: 'onSendReceipt', message: sendReceipt },
        ...{ awaits: [], retry: { ...defaultRetry, attemptsMax: 2 }, transaction },
        idempotencyKey: ({ receiptId }) => receiptId,
        command: {
          reply: receiptSent,
          replyTo: { sales: { exchange, key: replyKey ?? queues.sales.name } },
        },
      }),
    ],
  };
}

function bare(service: string, topology: Topology): ServiceDefinition {
  return { ...{ system: 'office', service, owned: {}, publishes: {}, copies: {}, effects: [] }, topology };
}
