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

/** `topology/aws.tf.json`: an SNS topic per exchange, an SQS queue per queue with its dead letters, subscriptions, and a policy per service. */
export const terraformAws: Emitter = {
  name: 'terraform-aws',
  summary: 'SNS topics, SQS queues and IAM policies for Terraform',
  *plan({ model }) {
    const topology = systemTopology(model);
    if (!isWanted(model, 'aws') || topology.exchanges.length === 0) return;
    yield jsonFile(model, this.name, 'aws.tf.json', awsTerraform(model, topology));
  },
};

/** SQS keeps messages for two weeks at most. A time to live is not told here: SQS would delete what another broker dead-letters. */
const retentionSeconds = 14 * 86_400;

function awsTerraform(model: Model, topology: Topology): unknown {
  const ordered = orderedParts(model, topology);
  const topics = distinct(topology.exchanges, ({ name }) => snakeName(name));
  const queueNames = [...new Set(topology.queues.flatMap(({ name, deadLetter }) => [name, deadLetter]))];
  const queueIds = distinct(queueNames, snakeName);
  const queueCalled = distinct(queueNames, (name) => cloudName(name));
  const topicCalled = distinct(topology.exchanges, ({ name }) => cloudName(name));
  const topicIds = new Map(topology.exchanges.map((exchange) => [exchange.name, topics.get(exchange) ?? '']));
  const subscriptions = topology.queues.flatMap((queue) =>
    [...new Set(queue.bindings.map(({ exchange }) => exchange))].map((exchange) => ({
      name: `${topicIds.get(exchange)}_to_${queueIds.get(queue.name)}`,
      topic: `aws_sns_topic.${topicIds.get(exchange)}.arn`,
      queue,
      filter: filterPolicy(topology, queue, exchange),
    })),
  );
  const queueArn = (name: string): string => reference(`aws_sqs_queue.${queueIds.get(name)}.arn`);
  return {
    resource: {
      aws_sns_topic: blocks(
        topology.exchanges.map((exchange) => [
          topics.get(exchange) ?? '',
          fifoTopic(topicCalled.get(exchange) ?? '', ordered.exchanges.has(exchange.name)),
        ]),
      ),
      aws_sqs_queue: blocks(
        topology.queues.flatMap((queue) => {
          const isFifo = ordered.queues.has(queue.name);
          const dead = queueIds.get(queue.deadLetter) ?? '';
          return [
            [dead, fifoQueue(queueCalled.get(queue.deadLetter) ?? '', isFifo)],
            [
              queueIds.get(queue.name) ?? '',
              {
                ...fifoQueue(queueCalled.get(queue.name) ?? '', isFifo),
                redrive_policy: reference(
                  `jsonencode({ deadLetterTargetArn = aws_sqs_queue.${dead}.arn, maxReceiveCount = ${queue.maxDeliveries} })`,
                ),
              },
            ],
          ];
        }),
      ),
      aws_sqs_queue_redrive_allow_policy: blocks(
        topology.queues.map(({ name, deadLetter }) => {
          const dead = queueIds.get(deadLetter) ?? '';
          return [
            dead,
            {
              queue_url: reference(`aws_sqs_queue.${dead}.id`),
              redrive_allow_policy: reference(
                `jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.${queueIds.get(name)}.arn] })`,
              ),
            },
          ];
        }),
      ),
      aws_sqs_queue_policy: blocks(
        topology.queues
          .filter(({ bindings }) => bindings.length > 0)
          .map(({ name }) => {
            const id = queueIds.get(name) ?? '';
            return [
              id,
              {
                queue_url: reference(`aws_sqs_queue.${id}.id`),
                policy: reference(`data.aws_iam_policy_document.${id}_from_topics.json`),
              },
            ];
          }),
      ),
      aws_sns_topic_subscription: blocks(
        subscriptions.map(({ name, topic, queue, filter }) => [
          name,
          {
            topic_arn: reference(topic),
            protocol: 'sqs',
            endpoint: queueArn(queue.name),
            raw_message_delivery: true,
            ...(filter !== undefined && { filter_policy: filter, filter_policy_scope: 'MessageAttributes' }),
          },
        ]),
      ),
      aws_iam_policy: blocks(
        brokerAccess(model).map(({ service }) => [
          snakeName(service),
          {
            name: literal(`${model.system}-${service}-messages`),
            policy: reference(`data.aws_iam_policy_document.${snakeName(service)}.json`),
          },
        ]),
      ),
    },
    data: {
      aws_iam_policy_document: blocks([
        ...topology.queues
          .filter(({ bindings }) => bindings.length > 0)
          .map(({ name }): readonly [string, unknown] => [
            `${queueIds.get(name)}_from_topics`,
            {
              statement: {
                actions: ['sqs:SendMessage'],
                resources: [queueArn(name)],
                principals: { type: 'Service', identifiers: ['sns.amazonaws.com'] },
                condition: {
                  test: 'ArnEquals',
                  variable: 'aws:SourceArn',
                  values: subscriptions.filter(({ queue }) => queue.name === name).map(({ topic }) => reference(topic)),
                },
              },
            },
          ]),
        ...brokerAccess(model).map(({ service, publishes, topology: own }): readonly [string, unknown] => [
          snakeName(service),
          {
            statement: [
              ...(publishes.length === 0
                ? []
                : [
                    {
                      actions: ['sns:Publish'],
                      resources: [...new Set(publishes.map(({ exchange }) => exchange))].map((exchange) =>
                        reference(`aws_sns_topic.${topicIds.get(exchange)}.arn`),
                      ),
                    },
                  ]),
              ...(own.queues.length === 0
                ? []
                : [
                    {
                      actions: [
                        'sqs:ReceiveMessage',
                        'sqs:DeleteMessage',
                        'sqs:ChangeMessageVisibility',
                        'sqs:GetQueueAttributes',
                        'sqs:GetQueueUrl',
                        // Retries with a delay, and what an operator replays.
                        'sqs:SendMessage',
                      ],
                      resources: own.queues.map(({ name }) => queueArn(name)),
                    },
                    {
                      actions: ['sqs:SendMessage'],
                      resources: own.queues.map(({ deadLetter }) => queueArn(deadLetter)),
                    },
                  ]),
            ],
          },
        ]),
      ]),
    },
  };
}

/** Messages of one group keep their order; the group is the partition key. */
function fifoTopic(name: string, isFifo: boolean) {
  return isFifo ? { name: `${name}.fifo`, fifo_topic: true, content_based_deduplication: false } : { name };
}

function fifoQueue(name: string, isFifo: boolean) {
  const kept = { message_retention_seconds: retentionSeconds, sqs_managed_sse_enabled: true };
  if (!isFifo) return { name, ...kept };
  return {
    ...{ name: `${name}.fifo`, ...kept, fifo_queue: true },
    ...{ deduplication_scope: 'messageGroup', fifo_throughput_limit: 'perMessageGroupId' },
  };
}

/** Letters, digits, `-` and `_`, as SNS and SQS take them; a number that tells two apart and `.fifo` still fit behind it. */
function cloudName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 70);
}

function filterPolicy(topology: Topology, queue: Queue, exchange: string): string | undefined {
  const filter = keyFilter(topology, queue, exchange);
  if (filter === undefined) return undefined;
  return literal(JSON.stringify({ routing_key: [...filter.keys, ...filter.prefixes.map((prefix) => ({ prefix }))] }));
}
