import type { Queue, Topology } from '../../../runtime/brokers/broker.js';
import type { Model } from '../../model/types.js';
import { brokerAccess } from '../brokers/access.js';
import { keyFilter } from '../brokers/key-filter.js';
import { orderedParts } from '../brokers/order.js';
import { isWanted, jsonFile } from '../brokers/planned.js';
import { blocks, literal, reference } from '../brokers/terraform.js';
import type { Emitter } from '../emitter.js';
import { distinct, snakeName } from '../names.js';
import { systemTopology } from '../topology.js';

/** `topology/google.tf.json`: a Pub/Sub topic per exchange and per place of dead letters, a subscription per binding, and who may use which. */
export const terraformGoogle: Emitter = {
  name: 'terraform-google',
  summary: 'Pub/Sub topics, subscriptions and their members for Terraform',
  *plan({ model }) {
    const topology = systemTopology(model);
    if (!isWanted(model, 'google') || topology.exchanges.length === 0) return;
    yield jsonFile(model, this.name, 'google.tf.json', googleTerraform(model, topology));
  },
};

interface Subscription {
  readonly id: string;
  readonly queue: Queue;
  readonly body: unknown;
}

function googleTerraform(model: Model, topology: Topology): unknown {
  const topicNames = [
    ...new Set([...topology.exchanges.map(({ name }) => name), ...topology.queues.map(({ deadLetter }) => deadLetter)]),
  ];
  const topicIds = distinct(topicNames, snakeName);
  const topicCalled = distinct(topicNames, cloudName);
  const exchanges = new Set(topology.exchanges.map(({ name }) => name));
  const deadId = (queue: Queue): string => topicIds.get(queue.deadLetter) ?? '';
  const subscriptions = subscriptionsOf(model, topology, topicIds);
  const access = brokerAccess(model);
  const member = (service: string): string =>
    `serviceAccount:${reference(`var.service_accounts[${JSON.stringify(literal(service))}]`)}`;
  // Pub/Sub itself moves dead letters: it publishes to their topic and acknowledges in the subscription they come from.
  const agent = `serviceAccount:service-${reference('data.google_project.this.number')}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  return {
    variable: {
      project: { type: 'string', description: 'Project of the topics.' },
      service_accounts: { type: 'map(string)', description: 'E-mail address of the account of each service.' },
    },
    data: { google_project: { this: { project_id: reference('var.project') } } },
    resource: {
      google_pubsub_topic: blocks(
        topicNames.map((name) => [
          topicIds.get(name) ?? '',
          {
            project: reference('var.project'),
            name: topicCalled.get(name),
            ...(exchanges.has(name) && { message_retention_duration: '604800s' }),
          },
        ]),
      ),
      google_pubsub_subscription: blocks([
        ...subscriptions.map(({ id, body }): readonly [string, unknown] => [id, body]),
        // Without a subscription dead letters would be gone as soon as they are published.
        ...topology.queues.map((queue): readonly [string, unknown] => [
          deadId(queue),
          {
            project: reference('var.project'),
            name: topicCalled.get(queue.deadLetter),
            topic: reference(`google_pubsub_topic.${deadId(queue)}.id`),
            message_retention_duration: '604800s',
            expiration_policy: { ttl: '' },
          },
        ]),
      ]),
      google_pubsub_topic_iam_member: blocks([
        ...access.flatMap(({ service, publishes }) =>
          [...new Set(publishes.map(({ exchange }) => exchange))].map((exchange): readonly [string, unknown] => [
            `${snakeName(service)}_to_${topicIds.get(exchange)}`,
            {
              project: reference('var.project'),
              topic: reference(`google_pubsub_topic.${topicIds.get(exchange)}.name`),
              role: 'roles/pubsub.publisher',
              member: member(service),
            },
          ]),
        ),
        ...topology.queues.map((queue): readonly [string, unknown] => [
          `${deadId(queue)}_by_pubsub`,
          {
            project: reference('var.project'),
            topic: reference(`google_pubsub_topic.${deadId(queue)}.name`),
            role: 'roles/pubsub.publisher',
            member: agent,
          },
        ]),
      ]),
      google_pubsub_subscription_iam_member: blocks(
        subscriptions.flatMap(({ id, queue }): readonly (readonly [string, unknown])[] => {
          const of = {
            project: reference('var.project'),
            subscription: reference(`google_pubsub_subscription.${id}.name`),
            role: 'roles/pubsub.subscriber',
          };
          return [
            [`${id}_by_service`, { ...of, member: member(queue.service) }],
            [`${id}_by_pubsub`, { ...of, member: agent }],
          ];
        }),
      ),
    },
  };
}

/** A subscription hears one topic: a queue that is bound to two has two. */
function subscriptionsOf(
  model: Model,
  topology: Topology,
  topicIds: ReadonlyMap<string, string>,
): readonly Subscription[] {
  const ordered = orderedParts(model, topology);
  const pairs = topology.queues.flatMap((queue) =>
    [...new Set(queue.bindings.map(({ exchange }) => exchange))].map((exchange) => ({ queue, exchange })),
  );
  const called = distinct(pairs, ({ queue, exchange }) => cloudName(`${queue.name}-from-${exchange}`));
  const ids = distinct(pairs, ({ queue, exchange }) => `${snakeName(queue.name)}_from_${topicIds.get(exchange)}`);
  return pairs.map((pair) => {
    const { queue, exchange } = pair;
    const filter = filterText(topology, queue, exchange);
    return {
      id: ids.get(pair) ?? '',
      queue,
      body: {
        project: reference('var.project'),
        name: called.get(pair),
        topic: reference(`google_pubsub_topic.${topicIds.get(exchange)}.id`),
        ack_deadline_seconds: 60,
        message_retention_duration: '604800s',
        enable_message_ordering: ordered.queues.has(queue.name),
        ...(filter !== undefined && { filter: literal(filter) }),
        expiration_policy: { ttl: '' },
        retry_policy: retryPolicy(queue),
        dead_letter_policy: {
          dead_letter_topic: reference(`google_pubsub_topic.${topicIds.get(queue.deadLetter)}.id`),
          // Pub/Sub takes 5 to 100.
          max_delivery_attempts: Math.min(Math.max(queue.maxDeliveries, 5), 100),
        },
      },
    };
  });
}

/** Pub/Sub waits longer from try to try, between these two; 600 s is its limit. */
function retryPolicy({ retries = [] }: Queue) {
  const seconds = (delayMs: number): string => `${Math.min(Math.max(Math.round(delayMs / 1_000), 0), 600)}s`;
  return {
    minimum_backoff: seconds(retries[0]?.delayMs ?? 1_000),
    maximum_backoff: seconds(retries.at(-1)?.delayMs ?? 600_000),
  };
}

/** In the language of Pub/Sub filters; it ends after 256 bytes, and a longer one would be refused: then everything is taken. */
function filterText(topology: Topology, queue: Queue, exchange: string): string | undefined {
  const filter = keyFilter(topology, queue, exchange);
  if (filter === undefined) return undefined;
  const text = [
    ...filter.keys.map((key) => `attributes.routing_key = ${JSON.stringify(key)}`),
    ...filter.prefixes.map((prefix) => `hasPrefix(attributes.routing_key, ${JSON.stringify(prefix)})`),
  ].join(' OR ');
  return Buffer.byteLength(text) > 256 ? undefined : text;
}

/** Begins with a letter; letters, digits and `-._~%+`, 3 to 255 of them. */
function cloudName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._~%+-]/g, '-').slice(0, 240);
  return /^(?!goog)[A-Za-z].{2}/.test(safe) ? safe : `sw-${safe}`;
}
