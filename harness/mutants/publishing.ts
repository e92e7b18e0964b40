import { messageType } from '../../runtime/wire.js';
import { entityToldBy } from '../subject.js';
import type { Mutant } from './mutant.js';
import { throughOutbox } from './occasions.js';
import { brokerOf, inEachTransaction, onBroker } from './ports.js';

const owners = ['easyplatform/accounts', 'easyplatform/text-snippet-people'];

/** Mistakes of those who tell others what has changed. */
export const publishingMutants: readonly Mutant[] = [
  {
    number: 24,
    id: 'publish-before-commit',
    title: 'A message leaves before the change that it tells is committed.',
    patches: 'runtime',
    expected: ['no-phantom', 'converged'],
    scenarios: ['crash-mid-handler', 'store-fails', 'crash-after-commit-before-publish'],
    on: owners,
    strikes: ['owned'],
    fits: throughOutbox,
    apply: inEachTransaction((_, options) => ({
      async appendOutbox(messages) {
        for (const { address, message } of messages) await brokerOf(options).publish(address, message);
      },
    })),
  },
  {
    number: 25,
    id: 'publish-after-commit',
    title: 'A message is kept in memory until its change is committed, then published.',
    patches: 'runtime',
    expected: ['nothing-lost', 'converged'],
    scenarios: ['crash-after-commit-before-publish', 'broker-down'],
    on: owners,
    strikes: ['owned', 'publishes'],
    fits: throughOutbox,
    apply: inEachTransaction((_, options) => ({
      async appendOutbox(messages) {
        options.clock?.timer(1, () => {
          for (const { address, message } of messages)
            brokerOf(options)
              .publish(address, message)
              .catch(() => {});
        });
      },
    })),
  },
  {
    number: 26,
    id: 'outbox-out-of-order',
    title: 'The outbox hands messages of one entity to several relays at once, newest first.',
    patches: 'runtime',
    expected: ['published-in-order', 'converged', 'effect-once', 'routed-once'],
    scenarios: ['outbox-relay-duplicate', 'broker-down'],
    on: owners,
    strikes: ['owned'],
    fits: throughOutbox,
    apply: inEachTransaction((tx) => ({
      async takeOutbox(options) {
        const taken = await tx.takeOutbox(options);
        // Each key by itself: the relay takes them for messages that have nothing to do with each other.
        return [...taken].reverse().map((message, index) => ({ ...message, key: `${message.key}#${index}` }));
      },
    })),
  },
  {
    number: 27,
    id: 'outbox-removed-before-confirm',
    title: 'A message is removed from the outbox before the broker has it.',
    patches: 'runtime',
    expected: ['nothing-lost', 'converged'],
    scenarios: ['broker-down', 'connection-cut', 'crash-after-commit-before-publish'],
    on: owners,
    strikes: ['owned', 'publishes'],
    fits: throughOutbox,
    apply: inEachTransaction((tx) => ({
      async takeOutbox(options) {
        const taken = await tx.takeOutbox(options);
        await tx.removeOutbox(taken.map(({ id }) => id));
        return taken;
      },
    })),
  },
  {
    number: 32,
    id: 'correlation-lost',
    title: 'Each message begins a correlation of its own.',
    patches: 'runtime',
    expected: ['correlation-kept'],
    scenarios: ['create', 'update'],
    on: owners,
    strikes: ['owned', 'publishes'],
    apply: onBroker((broker, { random }) => ({
      publish: (address, message) =>
        broker.publish(address, {
          ...message,
          headers: { ...message.headers, 'ce-correlationid': random?.uuid() ?? '' },
        }),
    })),
  },
  {
    number: 40,
    id: 'somebody-else-publishes',
    title: 'A service tells changes of an entity that it does not own.',
    patches: 'handler',
    expected: ['owner-only'],
    scenarios: ['create'],
    on: ['easyplatform/text-snippet-surveys'],
    strikes: ['copy'],
    apply: (create, { service, subject }) =>
      onBroker((broker) => ({
        subscribe: (queue, options, receive) =>
          broker.subscribe(queue, options, async (delivery) => {
            const { headers, body } = delivery.message;
            await receive(delivery);
            const told = entityToldBy(subject, messageType(delivery.message) ?? '');
            if (told === undefined || headers['ce-source'] === service) return;
            const { exchange, key } = told.definition.address;
            const again = { ...headers, 'ce-id': `${headers['ce-id']}-echo`, 'ce-source': service };
            await broker.publish({ exchange, key: key.replace('{op}', 'updated') }, { body, headers: again });
          }),
      }))(create),
  },
];
