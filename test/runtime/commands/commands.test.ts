import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../harness/virtual-clock.js';
import { type MemoryBroker, memoryBroker } from '../../../runtime/brokers/memory.js';
import type { WireMessage } from '../../../runtime/envelope.js';
import { UsageError } from '../../../runtime/errors.js';
import type { Service } from '../../../runtime/service.js';
import { type Office, type OfficeOptions, openOffice, type ReceiptSent, type SendReceipt } from './office.js';

interface Scene {
  readonly clock: VirtualClock;
  readonly broker: MemoryBroker;
  readonly office: Office;
  /** Receipts that were sent, each with the time since the start, in ms. */
  readonly handled: (SendReceipt & { readonly atMs: number })[];
  readonly answers: (ReceiptSent & { readonly to: string | undefined })[];
  send(receiptId: string, options?: { readonly delayMs?: number; readonly at?: string }): Promise<string>;
  settle(): Promise<void>;
  reasons(): readonly (string | undefined)[];
}

async function scene(options: Partial<OfficeOptions> = {}): Promise<Scene> {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const broker = memoryBroker({ clock });
  const handled: Scene['handled'] = [];
  const answers: Scene['answers'] = [];
  const office = openOffice({
    broker,
    clock,
    onSendReceipt: async ({ event }) => {
      handled.push({ ...event, atMs: clock.now() - startedAt });
      return { receiptId: event.receiptId, by: 'mail' };
    },
    onReceiptSent: async ({ event, meta }) => {
      answers.push({ ...event, to: meta.causationId });
    },
    ...options,
  });
  const services: Pick<Service, 'start' | 'settled'>[] = [office.sales, ...office.notification];
  for (const service of services) await clock.run(service.start());
  return {
    ...{ clock, broker, office, handled, answers },
    async send(receiptId, when) {
      const sent = office.sales.transaction((tx) => tx.send.SendReceipt({ receiptId, to: 'ada' }, when));
      return (await clock.run(sent)).id;
    },
    async settle() {
      for (let round = 0; round < 2; round++) for (const service of services) await clock.run(service.settled());
    },
    reasons: () => broker.deadLetters(office.queues.notification.name).map(({ headers }) => headers['sw-reason']),
  };
}

/** The commands that leave for notification, as they come to the broker. */
async function listenIn(broker: MemoryBroker, office: Office): Promise<readonly WireMessage[]> {
  const overheard: WireMessage[] = [];
  const tap = { ...office.queues.notification, name: 'tap', deadLetter: 'tap.dlq' };
  await broker.declare({ exchanges: [], queues: [tap] });
  await broker.subscribe(tap.name, { prefetch: 1 }, async (delivery) => {
    overheard.push(delivery.message);
    await delivery.ack();
  });
  return overheard;
}

describe('a command', () => {
  it('is carried out by one of the receiver’s processes, and its answer comes back to the sender', async () => {
    const { send, settle, handled, answers } = await scene();
    const id = await send('r1');
    await settle();
    expect(handled).toMatchObject([{ receiptId: 'r1', to: 'ada' }]);
    expect(answers).toEqual([{ receiptId: 'r1', by: 'mail', to: id }]);
  });

  it('that breaks its contract is not sent', async () => {
    const { office, clock, handled, settle } = await scene();
    const broken = { receiptId: 'r1' } as SendReceipt;
    await expect(clock.run(office.sales.transaction((tx) => tx.send.SendReceipt(broken)))).rejects.toThrow(
      /breaks its contract/,
    );
    await settle();
    expect(handled).toEqual([]);
  });

  it('leaves after the contract’s delay, or when the sender says, and holds nothing back', async () => {
    const { send, clock, handled, settle, office } = await scene({ delayMs: 60_000 });
    await send('by contract');
    await send('at once', { delayMs: 0 });
    await send('at its time', { at: '2026-01-01T00:05:00Z' });
    await settle();
    expect(handled.map(({ receiptId }) => receiptId)).toEqual(['at once']);
    const waiting = office.sales.metrics().find(({ name }) => name === 'seamwright.outbox.later');
    expect(waiting?.value).toBe(2);
    await clock.advance(300_000);
    await settle();
    expect(handled.map(({ receiptId, atMs }) => [receiptId, Math.floor(atMs / 1_000)])).toEqual([
      ['at once', 0],
      ['by contract', 60],
      ['at its time', 300],
    ]);
  });

  it('that waits survives the death of its sender', async () => {
    const { send, clock, handled, office, broker } = await scene();
    await send('r1', { delayMs: 60_000 });
    await clock.run(office.sales.stop());
    await clock.advance(30_000);
    const again = openOffice({
      ...{ broker, clock, store: () => office.stores.sales },
      onSendReceipt: async () => ({ receiptId: '', by: '' }),
    });
    await clock.run(again.sales.start());
    await clock.advance(31_000);
    for (const service of office.notification) await clock.run(service.settled());
    expect(handled.map(({ atMs }) => Math.floor(atMs / 1_000))).toEqual([60]);
  });

  it.each([{ delayMs: -1 }, { delayMs: Number.NaN }, { at: 'tomorrow' }])('cannot be sent at %j', async (when) => {
    const { send } = await scene();
    await expect(send('r1', when)).rejects.toThrow(UsageError);
  });

  it('that comes after its deadline is not carried out', async () => {
    const { send, clock, handled, office, settle, reasons } = await scene({ validForMs: 5_000, delayMs: 10_000 });
    await send('in time');
    await clock.advance(11_000);
    await settle();
    for (const service of office.notification) await clock.run(service.stop());
    await send('too late', { delayMs: 0 });
    await clock.advance(5_000);
    const another = office.another();
    await clock.run(another.start());
    await clock.run(another.settled());
    expect(handled.map(({ receiptId }) => receiptId)).toEqual(['in time']);
    expect(reasons()).toEqual(['deadline-passed']);
  });

  it('that was carried out in time and comes again later is no dead letter', async () => {
    const { send, clock, handled, office, broker, settle, reasons } = await scene({ validForMs: 5_000 });
    const overheard = await listenIn(broker, office);
    await send('r1');
    await settle();
    await clock.advance(10_000);
    for (const message of overheard)
      await broker.publish({ exchange: '', key: office.queues.notification.name }, message);
    await settle();
    expect([overheard.length, handled.length, reasons()]).toEqual([1, 1, []]);
  });

  it('that is handed out once more, as after a lost acknowledgement, is not answered once more', async () => {
    const { send, office, broker, handled, answers, settle } = await scene();
    const overheard = await listenIn(broker, office);
    await send('r1');
    await settle();
    for (const message of overheard)
      await broker.publish({ exchange: '', key: office.queues.notification.name }, message);
    await settle();
    expect([overheard.length, handled.length, answers.length]).toEqual([1, 1, 1]);
  });

  it('whose key comes again under another id is not carried out again, and is answered again', async () => {
    const { send, handled, answers, settle } = await scene();
    const first = await send('r1');
    await settle();
    const second = await send('r1');
    await settle();
    expect(handled).toHaveLength(1);
    expect(answers).toEqual([
      { receiptId: 'r1', by: 'mail', to: first },
      { receiptId: 'r1', by: 'mail', to: second },
    ]);
  });

  it('that asks for its answer at a queue that is not its sender’s is not carried out', async () => {
    const { send, handled, answers, settle, reasons } = await scene({ replyKey: 'another.queue' });
    await send('r1');
    await settle();
    expect([handled, answers, reasons()]).toEqual([[], [], ['reply-address']]);
  });

  it('whose handler fails is tried again, and answered once', async () => {
    let tries = 0;
    const { send, answers, settle } = await scene({
      onSendReceipt: async ({ event }) => {
        tries += 1;
        if (tries === 1) throw new Error('no mail today');
        return { receiptId: event.receiptId, by: 'mail' };
      },
    });
    await send('r1');
    await settle();
    expect([tries, answers.length]).toEqual([2, 1]);
  });

  it('whose answer breaks its contract leaves nothing behind', async () => {
    const { send, answers, settle, reasons } = await scene({ onSendReceipt: async () => ({}) as ReceiptSent });
    await send('r1');
    await settle();
    expect([answers, reasons()]).toEqual([[], ['attempts-exhausted']]);
  });

  it('is answered by a handler that runs outside a transaction, too', async () => {
    const { send, answers, settle } = await scene({ transaction: 'none' });
    await send('r1');
    await settle();
    expect(answers).toHaveLength(1);
  });
});
