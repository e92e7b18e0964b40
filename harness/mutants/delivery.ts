import type { Delivery } from '../../runtime/brokers/broker.js';
import type { Clock } from '../../runtime/clock.js';
import type { Mutant } from './mutant.js';
import { claimed } from './occasions.js';
import { inEachTransaction, inStore, onBroker, onDelivery, storeOf } from './ports.js';

const effects = ['dhanman/notification', 'dhanman/common'];
const copies = ['easyplatform/text-snippet-surveys', 'easyplatform/text-snippet-insights'];

/** Mistakes of those who take a message and tell the broker what became of it. */
export const deliveryMutants: readonly Mutant[] = [
  {
    number: 9,
    id: 'ack-before-commit',
    title: 'A message is acknowledged before its effect is committed.',
    patches: 'runtime',
    expected: ['nothing-lost', 'acknowledged-after-commit', 'converged'],
    scenarios: ['crash-mid-handler', 'crash-before-handler'],
    on: [...effects, ...copies],
    strikes: ['effect', 'copy'],
    apply: onDelivery(async (delivery) => {
      await delivery.ack();
      return delivery;
    }),
  },
  {
    number: 10,
    id: 'never-acks-early-return',
    title: 'A message that has nothing left to do is never acknowledged.',
    patches: 'runtime',
    expected: ['comes-to-rest', 'bounded-attempts'],
    scenarios: ['duplicate'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    apply: (create) => {
      const claims = { lost: false };
      const transactions = inEachTransaction((tx) => ({
        async claim(consumer, key) {
          const claimed = await tx.claim(consumer, key);
          claims.lost = !claimed;
          return claimed;
        },
      }));
      const deliveries = onDelivery((delivery) => ({
        ...delivery,
        async ack() {
          if (claims.lost) return;
          await delivery.ack();
        },
      }));
      return deliveries(transactions(create));
    },
  },
  {
    number: 11,
    id: 'no-dedupe',
    title: 'Nobody remembers which messages were handled.',
    patches: 'runtime',
    expected: ['effect-once'],
    scenarios: ['duplicate'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    store: inStore(() => ({ claim: async () => true, claimed: async () => false })),
  },
  {
    number: 12,
    id: 'claim-before-effect',
    title: 'A message is taken down as handled in a transaction before that of its effect.',
    patches: 'runtime',
    expected: ['nothing-lost', 'effect-once'],
    scenarios: ['crash-mid-handler', 'handler-throws', 'crash-before-handler'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    apply: inEachTransaction((_, options) => ({
      claim: (consumer, key) => storeOf(options).transaction((tx) => tx.claim(consumer, key)),
    })),
  },
  {
    number: 13,
    id: 'dedupe-key-too-wide',
    title: 'All messages of a type count as the same one.',
    patches: 'generated code',
    expected: ['nothing-lost', 'effect-once'],
    scenarios: ['create', 'out-of-order'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    store: inStore((tx) => ({ claim: (consumer) => tx.claim(consumer, 'one') })),
  },
  {
    number: 14,
    id: 'dedupe-key-too-narrow',
    title: 'Each delivery of a message counts as another one.',
    patches: 'generated code',
    expected: ['effect-once'],
    scenarios: ['duplicate', 'crash-after-commit-before-ack'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    store: (store, clock) => {
      let deliveries = 0;
      return inStore((tx) => ({
        claim: (consumer, key) => {
          deliveries += 1;
          return tx.claim(consumer, `${key}#${deliveries}`);
        },
      }))(store, clock);
    },
  },
  {
    number: 15,
    id: 'dedupe-window-too-short',
    title: 'What was handled is forgotten before its last repetition can come.',
    patches: 'generated code',
    expected: ['effect-once'],
    scenarios: ['duplicate', 'redelivery-storm'],
    on: effects,
    strikes: ['effect'],
    fits: claimed,
    store: (store, clock) =>
      inStore((tx) => ({
        claim: (consumer, key) => tx.claim(consumer, `${key}#${Math.floor(clock.now() / 20)}`),
      }))(store, clock),
  },
  {
    number: 16,
    id: 'swallowed-error',
    title: 'A message whose handler failed is acknowledged.',
    patches: 'runtime',
    expected: ['nothing-lost', 'effect-once', 'converged'],
    scenarios: ['handler-throws', 'store-fails', 'crash-mid-handler', 'poison'],
    on: [...effects, ...copies],
    strikes: ['effect', 'copy'],
    apply: onBroker((broker) => ({
      subscribe: (queue, options, receive) =>
        broker.subscribe(queue, options, (delivery) =>
          receive({ ...delivery, retry: () => delivery.ack() }).catch(() => delivery.ack()),
        ),
    })),
  },
  {
    number: 28,
    id: 'poison-blocks',
    title: 'A message that nobody can read is tried again for ever and holds up the others.',
    patches: 'runtime',
    expected: ['no-blocking', 'comes-to-rest', 'bounded-attempts'],
    scenarios: ['poison'],
    on: [...effects, ...copies],
    strikes: ['effect', 'copy'],
    apply: onBroker((broker, { clock }) => ({
      subscribe(queue, options, receive) {
        // One after the other, and none before the one in front of it is done.
        let last: Promise<void> = Promise.resolve();
        return broker.subscribe(queue, options, (delivery) => {
          last = last.then(() => insist(delivery, receive, clock));
          return last;
        });
      },
    })),
  },
  {
    number: 29,
    id: 'retries-without-end',
    title: 'A message that cannot be handled is tried again at once, for ever.',
    patches: 'runtime',
    expected: ['bounded-attempts', 'comes-to-rest'],
    scenarios: ['poison', 'handler-throws'],
    on: effects,
    strikes: ['effect'],
    apply: onBroker((broker) => ({
      subscribe: (queue, options, receive) =>
        broker.subscribe(queue, options, (delivery) => {
          // To the end of its own queue, as a message that nobody has seen.
          const again = async (): Promise<void> => {
            await broker.publish({ exchange: '', key: queue }, delivery.message);
            await delivery.ack();
          };
          return receive({ ...delivery, retry: again, deadLetter: again });
        }),
    })),
  },
  {
    number: 30,
    id: 'dead-letter-without-story',
    title: 'A dead letter says neither why nor where it died, and its headers are gone.',
    patches: 'runtime',
    expected: ['dead-letter-complete'],
    scenarios: ['poison'],
    on: [...effects, ...copies],
    strikes: ['effect', 'copy'],
    apply: onDelivery((delivery) => ({ ...delivery, deadLetter: () => delivery.deadLetter({}) })),
  },
];

/** Hands a message to its consumer until that one takes it. */
async function insist(
  delivery: Delivery,
  receive: (delivery: Delivery) => Promise<void>,
  clock: Clock | undefined,
): Promise<void> {
  for (let again = true; again; ) {
    again = false;
    const back = async (): Promise<void> => {
      again = true;
    };
    await receive({ ...delivery, attempt: 1, retry: back, deadLetter: back });
    if (again) await clock?.sleep(50);
  }
}
