import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import type { WireMessage } from '../../envelope.js';
import { SeamwrightError } from '../../errors.js';
import type { BrokerAdmin, Queue } from '../broker.js';
import { retryLadder } from '../retry-ladder.js';
import { lookAt, onOwnChannel } from './channel.js';
import { readDeadHeaders } from './death.js';
import { differences } from './diff.js';
import { partitionNames } from './layout.js';
import type { Link } from './link.js';

/** What operators ask of RabbitMQ, by AMQP alone; with the management API, if one is named, bindings are compared as well. */
export function rabbitmqAdmin(link: Link, management: string | undefined): BrokerAdmin {
  return {
    depth: (queue) => asked((model) => depthOf(model, queue)),
    // Only taking a message shows it, and taking counts as a delivery.
    peek: async () => null,
    deadLetters: (queue, { limit }) => asked((model) => deadLettersOf(model, queue, limit)),
    sweepDeadLetters: (queue, decide) => sweep(queue, decide),
    diff: (topology) => asked((model) => differences(model, topology, link.options.url, management)),
  };

  async function asked<T>(ask: (model: ChannelModel) => Promise<T>): Promise<T> {
    const model = await link.model();
    try {
      return await ask(model);
    } catch (error) {
      if (error instanceof SeamwrightError) throw error;
      throw link.unavailable((error as Error).message, error);
    }
  }

  /** What is kept stays taken until the end, so that the next one is shown; the channel then gives all of it back. */
  async function sweep(queue: Queue, decide: (message: WireMessage) => Promise<'keep' | 'remove'>): Promise<void> {
    // Not through `asked`: what `decide` rejects with is not ours to name.
    let failure: { readonly error: unknown } | undefined;
    await asked(async (model) => {
      const there = (await lookAt(model, queue.deadLetter))?.messageCount ?? 0;
      await onOwnChannel(model, async (channel) => {
        for (let seen = 0; seen < there && failure === undefined; seen++) {
          const taken = await channel.get(queue.deadLetter);
          if (taken === false) return;
          try {
            if ((await decide(wireOf(taken, queue))) !== 'remove') continue;
          } catch (error) {
            failure = { error };
            continue;
          }
          channel.ack(taken);
        }
      });
    });
    if (failure !== undefined) throw failure.error;
  }
}

async function depthOf(model: ChannelModel, queue: Queue) {
  const sources = await Promise.all(partitionNames(queue).map((name) => lookAt(model, name)));
  if (sources.every((source) => source === null)) return null;
  const waiting = await Promise.all(retryLadder(queue).map(({ name }) => lookAt(model, name)));
  const dead = await lookAt(model, queue.deadLetter);
  return {
    ready: sum(sources.map((source) => source?.messageCount)),
    delayed: sum(waiting.map((step) => step?.messageCount)),
    dead: dead?.messageCount ?? 0,
    consumers: sum(sources.map((source) => source?.consumerCount)),
  };
}

async function deadLettersOf(model: ChannelModel, queue: Queue, limit: number): Promise<readonly WireMessage[]> {
  if ((await lookAt(model, queue.deadLetter)) === null) return [];
  return onOwnChannel(model, async (channel) => {
    const shown: WireMessage[] = [];
    while (shown.length < limit) {
      const taken = await channel.get(queue.deadLetter);
      if (taken === false) break;
      shown.push(wireOf(taken, queue));
    }
    giveAllBack(channel, shown.length);
    return shown;
  });
}

function giveAllBack(channel: Channel, count: number): void {
  if (count > 0) channel.nackAll(true);
}

function wireOf(taken: GetMessage, queue: Queue): WireMessage {
  return { headers: readDeadHeaders(taken.properties, [queue]), body: taken.content };
}

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}
