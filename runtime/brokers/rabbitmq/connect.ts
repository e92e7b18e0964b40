import type { ChannelModel } from 'amqplib';
import { UnavailableError, UsageError } from '../../errors.js';
import type { AmqpUrl, TlsOptions } from './url.js';

/**
 * Opens one connection to the first server that answers, beginning with the one at `first`. Rejects with `UnavailableError` that says why the last one did
 * not, never with the password in it; with `UsageError` when the driver is not installed.
 */
export async function connectAmqp(url: AmqpUrl, tls: TlsOptions, name: string, first = 0): Promise<ChannelModel> {
  const { connect } = await driver();
  let reason: unknown;
  for (let step = 0; step < url.hosts.length; step++) {
    const host = url.hosts[(first + step) % url.hosts.length];
    try {
      const model = await connect(
        {
          ...{ protocol: url.secure ? 'amqps' : 'amqp', hostname: host?.hostname ?? '', port: host?.port ?? 0 },
          ...{ username: url.username, password: url.password, vhost: encodeURIComponent(url.vhost) },
          ...{ heartbeat: url.heartbeatS, channelMax: url.channelMax },
        },
        {
          ...{ noDelay: true, timeout: url.timeoutMs, clientProperties: { connection_name: name } },
          ...(url.secure ? { ...tls, rejectUnauthorized: url.verify } : {}),
          ...(url.serverName === undefined ? {} : { servername: url.serverName }),
        },
      );
      // An error without a listener would end the process; what follows from it is told by `close`.
      model.on('error', () => {});
      return model;
    } catch (error) {
      reason = error;
    }
  }
  throw new UnavailableError(`RabbitMQ at ${url.label} (${reasonOf(reason, url.password)})`, reason);
}

/** Ends a connection with a goodbye, without one when the server does not answer. Never rejects. */
export async function disconnect(model: ChannelModel, patience: Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => model.once('close', () => resolve()));
  const goodbye = model.close().catch(() => {});
  await Promise.race([goodbye, closed, patience]);
  // Only a socket that is gone lets the process end.
  (model.connection as { stream?: { destroy?: () => void } }).stream?.destroy?.();
}

async function driver(): Promise<typeof import('amqplib')> {
  try {
    return await import('amqplib');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('RabbitMQ needs the package "amqplib", which is not installed; run: npm install amqplib');
  }
}

function reasonOf(error: unknown, password: string): string {
  const { message, code } = error as { message?: string; code?: string };
  const text = message || code || 'no answer';
  return password.length > 2 ? text.replaceAll(password, '***') : text;
}
