import type { Channel, ChannelModel } from 'amqplib';

/** Runs `use` on a channel of its own, which is closed afterwards: what the server refuses closes a channel, and must not close anybody else's. */
export async function onOwnChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel();
  // A refusal is also told to whoever asked.
  channel.on('error', () => {});
  const alive = { yes: true };
  channel.on('close', () => {
    alive.yes = false;
  });
  try {
    return await use(channel);
  } finally {
    if (alive.yes) await closeChannel(channel);
  }
}

/** Closes a channel and resolves when it is closed, also when the connection ends in between. Never rejects. */
export function closeChannel(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', () => resolve());
    channel.close().then(resolve, () => resolve());
  });
}

/** Reply code of a refusal: 404 not found, 406 precondition failed, 403 access refused, 503 command invalid. */
export function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

/** How much waits in a queue and for whom; null when there is no such queue. */
export async function lookAt(
  model: ChannelModel,
  queue: string,
): Promise<{ readonly messageCount: number; readonly consumerCount: number } | null> {
  return onOwnChannel(model, (channel) => orNull(channel.checkQueue(queue)));
}

/** Null for what the server does not find. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === 404) return null;
    throw error;
  }
}
