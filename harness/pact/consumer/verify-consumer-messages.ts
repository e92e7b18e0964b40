import type { MessageInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { EffectDefinition, ReplicaDefinition } from '../../../runtime/definition.js';
import type { WireMessage } from '../../../runtime/envelope.js';
import type { Metric } from '../../../runtime/telemetry.js';
import { copiesOf, effectsOf, type Subject } from '../../subject.js';
import { failure, type PactFailure, type PactScenarioResult, resultOf, skipped } from '../pact-result.js';
import { type PactsRead, titleOf } from '../read-pacts.js';
import { type RunningSubject, type RunOptions, runSubject } from '../running-subject.js';
import { tellEntity } from '../tell-entity.js';
import { laterMessage } from './later-message.js';

const scenario = 'pact-consumer-messages';

/**
 * Hands every message of the Pact files to the running service: its generated consumers and its user's handlers must take it, and leave what the contract says: a copy,
 * or a handler that has run.
 */
export async function verifyConsumerMessages(
  subject: Subject,
  read: PactsRead,
  options: RunOptions = {},
): Promise<PactScenarioResult> {
  const taken = read.pacts.filter(({ file }) => file.interactions.some(isMessage));
  if (taken.length === 0) return skipped(scenario, 'it takes no messages');
  if (subject.code.create === undefined)
    return skipped(scenario, subject.code.reason ?? 'it has no code that creates it');
  const failures: PactFailure[] = [];
  let count = 0;
  let running: RunningSubject | undefined;
  const seen = new Set<string>();
  let gone = false;
  try {
    for (const { file } of taken) {
      for (const interaction of file.interactions.filter(isMessage)) {
        count++;
        const title = titleOf(file, interaction.description);
        const name = nameOf(interaction);
        // The same message again would be a duplicate, a deletion says something only of what was there, and after it others would wait in vain.
        if ((seen.has(name) || gone) && !isDeletion(interaction)) {
          await running?.stop();
          running = undefined;
          seen.clear();
        }
        seen.add(name);
        gone = isDeletion(interaction);
        running ??= await runSubject(subject, options);
        failures.push(
          ...(await take(subject, running, file.provider.name, interaction)).map((sentence) =>
            failure(title, sentence),
          ),
        );
      }
    }
  } catch (error) {
    failures.push(
      failure(subject.name, `it could not be started: ${error instanceof Error ? error.message : String(error)}`),
    );
  } finally {
    await running?.stop();
  }
  return resultOf(scenario, count, failures);
}

function isMessage(interaction: { readonly type: string }): interaction is MessageInteraction {
  return interaction.type === 'Asynchronous/Messages';
}

function nameOf({ comments, metadata, description }: MessageInteraction): string {
  return comments?.seamwright?.message ?? metadata['ce-type'] ?? description;
}

function isDeletion({ metadata }: MessageInteraction): boolean {
  return metadata['ce-op'] === 'deleted';
}

/** What went wrong, in sentences. */
async function take(
  subject: Subject,
  running: RunningSubject,
  provider: string,
  interaction: MessageInteraction,
): Promise<readonly string[]> {
  const name = nameOf(interaction);
  const copies = copiesOf(subject).filter(([, { message }]) => message.name === name);
  const effects = effectsOf(subject).filter(({ message }) => message.name === name);
  if (copies.length + effects.length === 0)
    return [`the generated code has no consumer of "${name}"; run seamwright generate`];
  const [message] = [...copies.map(([, copy]) => copy.message), ...effects.map((effect) => effect.message)];
  const { payload, metadata } =
    message !== undefined && isDeletion(interaction)
      ? laterMessage(subject.model, message, interaction)
      : { payload: interaction.contents.content, metadata: interaction.metadata };
  await meetDependencies(subject, running, [...copies.map(([, copy]) => copy), ...effects], payload);
  const before = running.service?.metrics() ?? [];
  const handledBefore = running.handled.length;
  await running.deliver(provider, wireOf(metadata, payload));
  const grown = growthOf(before, running.service?.metrics() ?? []);
  const handled = running.handled.slice(handledBefore);
  const thrown = handled.filter(({ error }) => error !== undefined);
  if (thrown.length > 0) return thrown.map(({ consumer, error }) => `${consumer} threw: ${error}`);
  const dead = grown('seamwright.dlq.messages');
  if (dead !== undefined) return [`it went to the dead letters: ${dead.attributes.reason}`];
  const parked = grown('seamwright.parked.messages');
  if (parked !== undefined) return [`${parked.attributes.consumer} parked it, although what it waits for is there`];
  const problems: string[] = [];
  for (const [as, copy] of copies) {
    const shouldBe = copy.when?.(payload) !== false && !isDeletion(interaction);
    const row = await running.service?.copies[as]?.get(copy.key(payload));
    if (shouldBe && row == null) problems.push(`it was taken, but there is no copy in ${as}`);
    if (!shouldBe && row != null) problems.push(`the copy in ${as} is still there`);
  }
  for (const { name: consumer, when } of effects) {
    if (when?.(payload) === false) continue;
    if (!handled.some((each) => each.consumer === consumer))
      problems.push(`it was taken, but ${consumer} was not called`);
  }
  return problems;
}

/** Entities that the message refers to and its consumers wait for. */
async function meetDependencies(
  subject: Subject,
  running: RunningSubject,
  consumers: readonly (ReplicaDefinition | EffectDefinition)[],
  payload: unknown,
): Promise<void> {
  for (const { entity, by } of consumers.flatMap(({ awaits }) => awaits)) {
    const id = by(payload as never);
    const key = subject.model.entities.get(entity)?.key;
    if (id === null || id === undefined || key === undefined) continue;
    const seed = running.nextSeed();
    for (const { sender, wire } of tellEntity(subject, entity, `pact-${seed}`, seed, { [key]: id }))
      await running.deliver(sender, wire);
  }
}

function wireOf(metadata: MessageInteraction['metadata'], payload: unknown): WireMessage {
  const { contentType = 'application/json', ...headers } = metadata;
  return {
    headers: { 'content-type': contentType, ...headers },
    body: new TextEncoder().encode(JSON.stringify(payload)),
  };
}

/** The counter of a name that has grown, if one has. */
function growthOf(before: readonly Metric[], after: readonly Metric[]): (name: string) => Metric | undefined {
  const known = new Map(before.map((metric) => [keyOf(metric), metric.value]));
  return (name) => after.find((metric) => metric.name === name && metric.value > (known.get(keyOf(metric)) ?? 0));
}

function keyOf({ name, attributes }: Metric): string {
  return JSON.stringify([name, attributes]);
}
