import { exchangeTopic, namedTopic, ownTopic, topologyTopic } from '../../../runtime/brokers/kafka/topic-name.js';
import { type KafkaTopic, kafkaTopics } from '../../../runtime/brokers/kafka/topics.js';
import { retryLadder } from '../../../runtime/brokers/retry-ladder.js';
import { brokerAccess, type ServiceAccess } from '../brokers/access.js';
import { brokerFile, isWanted, jsonFile } from '../brokers/planned.js';
import type { Emitter } from '../emitter.js';
import { commentText, shellWord } from '../names.js';
import { systemTopology } from '../topology.js';

/** `topology/kafka.topics.json`, and scripts that create the topics and allow each service what it does with them. */
export const kafkaTopicsOutput: Emitter = {
  name: 'kafka-topics',
  summary: 'topics and access rules for Kafka',
  *plan({ model }) {
    const topology = systemTopology(model);
    if (!isWanted(model, 'kafka') || topology.exchanges.length === 0) return;
    const topics = kafkaTopics(topology);
    yield jsonFile(model, this.name, 'kafka.topics.json', topics);
    yield brokerFile(model, this.name, 'kafka.topics.sh', 'kafka-topics', {
      topics: topics.map((topic) => ({ why: commentText(topic.why), command: createCommand(topic) })),
    });
    yield brokerFile(model, this.name, 'kafka.acls.sh', 'kafka-acls', {
      services: brokerAccess(model).map((access) => ({
        service: commentText(access.service),
        commands: aclCommands(access),
      })),
    });
  },
};

function createCommand({ topic, partitions, config }: KafkaTopic): string {
  const settings = Object.entries(config).map(([name, value]) => ` --config ${shellWord(`${name}=${value}`)}`);
  return `--create --if-not-exists --topic ${shellWord(topic)} --partitions ${partitions}${settings.join('')}`;
}

/** Reads what it consumes, as the group that bears the queue's name; writes what it publishes, and its own retries and dead letters. */
function aclCommands({ service, topology, publishes }: ServiceAccess): readonly string[] {
  const own = topology.queues.flatMap((queue) => [
    ownTopic(queue.name),
    ...retryLadder(queue).map(({ name }) => namedTopic(name)),
  ]);
  const dead = topology.queues.map(({ deadLetter }) => namedTopic(deadLetter));
  const read = topology.queues.flatMap(({ bindings }) => bindings.map(({ exchange }) => exchangeTopic(exchange)));
  const write = publishes.map(({ exchange }) => exchangeTopic(exchange));
  const principal = `--allow-principal ${shellWord(`User:${service}`)}`;
  const reading = new Set([...read, ...own, topologyTopic]);
  const writing = new Set([...write, ...own, ...dead, topologyTopic]);
  const topics = [...new Set([...reading, ...writing])].sort().map((topic) => {
    const operations = [...(reading.has(topic) ? ['Read'] : []), ...(writing.has(topic) ? ['Write'] : []), 'Describe'];
    return `--add ${principal} ${operations.map((one) => `--operation ${one}`).join(' ')} --topic ${shellWord(topic)}`;
  });
  const groups = topology.queues.map(
    ({ name }) => `--add ${principal} --operation Read --operation Describe --group ${shellWord(name)}`,
  );
  return [...topics, ...groups];
}
