import type { Model } from '../../generator/model/types.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { UnroutableError } from '../../runtime/errors.js';
import { serviceTokens } from '../../runtime/http/service-token.js';
import { developmentKeys } from '../../runtime/security/development-keys.js';
import { securityOf } from '../../runtime/security/security.js';
import type { Service } from '../../runtime/service.js';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { storeFor } from '../../runtime/stores/registry.js';
import { providersOf } from '../stub/provider.js';
import { type Stub, startProvider } from '../stub/start-stub.js';
import type { Subject } from '../subject.js';
import { type ScriptedAnswers, scriptedAnswers } from './scripted-answers.js';

/** One service that runs as its user put it together: on a store and a broker of its own, and against stubs of those that it calls. */
export interface RunningSubject {
  readonly service: Service | undefined;
  /** Stubs of the providers that it calls, by name. */
  readonly stubs: Readonly<Record<string, Stub>>;
  /** What those providers answer for the time of one interaction. */
  readonly scripted: ScriptedAnswers;
  /** Every message that left, oldest first. */
  readonly sent: readonly WireMessage[];
  /** Asks the service; credentials of `caller` are added where the request has none. */
  ask(caller: string, request: Request): Promise<Response>;
  /** Calls of the user's handlers, oldest first; `error` is what one threw. */
  readonly handled: readonly Handled[];
  /**
   * Hands a message of another service to this one, signed where it must be, and waits until it has had its effect, or until a handler has thrown: trying again takes
   * its time and tells nothing new.
   */
  deliver(sender: string, message: WireMessage): Promise<void>;
  /** A number that was not given before: what is made from it differs from what was made before. */
  nextSeed(): number;
  /** Resolves when everything that was raised has left. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface Handled {
  /** `<service>.<handler>`. */
  readonly consumer: string;
  readonly error?: string;
}

/** What it runs on. */
export interface RunOptions {
  /** URL of a store that begins empty. Default `pglite:`, which is emptied first. */
  readonly store?: string | undefined;
}

/** Rejects with whatever the user's code throws when it is created or started. */
export async function runSubject(
  { name, model, code, services }: Subject,
  { store: storeUrl = 'pglite:' }: RunOptions = {},
): Promise<RunningSubject> {
  if (code.create === undefined) throw new Error(code.reason ?? `"${name}" has no code that creates it`);
  const keys = developmentKeys(...model.services.keys());
  const stubs = await stubsFor(name, model);
  const place = `pact_${model.system}_${name}`;
  if (storeUrl === 'pglite:') await dropPgliteSchema(place);
  const store = storeFor(storeUrl, place);
  const broker = memoryBroker();
  const { sent, client } = recording(broker);
  const security = keys[name];
  const handled: Handled[] = [];
  let failed = (): void => {};
  const scripted = scriptedAnswers(model, stubs);
  const app = code.create({
    fetch: scripted.fetch,
    aroundHandler: async ({ consumer }, handle) => {
      try {
        await handle();
        handled.push({ consumer });
      } catch (error) {
        handled.push({ consumer, error: error instanceof Error ? error.message : String(error) });
        failed();
        throw error;
      }
    },
    stopGraceMs: 1_000,
    ...{ broker: client, store, urls: Object.fromEntries(Object.entries(stubs).map(([key, stub]) => [key, stub.url])) },
    ...(security !== undefined && { security }),
  });
  const { service, server } = app;
  const stop = async (): Promise<void> => {
    await service.stop();
    await store.close();
    await broker.close();
    for (const stub of Object.values(stubs)) await stub.close();
  };
  try {
    await service.start();
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  let seed = 1_000;
  const tokens = new Map<string, ReturnType<typeof serviceTokens>>();
  const tokenOf = async (caller: string): Promise<string | undefined> => {
    const signingKey = keys[caller]?.signingKey;
    if (signingKey === undefined) return undefined;
    const made = tokens.get(caller) ?? serviceTokens({ service: caller, signingKey });
    tokens.set(caller, made);
    const { authorization } = (await made({ provider: name, operation: '', schemes: [] })) as {
      authorization?: string;
    };
    return authorization;
  };
  return {
    service: isService(service) ? service : undefined,
    stubs,
    scripted,
    sent,
    handled,
    async deliver(sender, message) {
      const { queue } = code.definition;
      const from = services.get(sender);
      if (queue === undefined || from === undefined) return;
      const signed = securityOf(from.definition, keys[sender]).sign(message);
      const thrown = new Promise<void>((resolve) => {
        failed = resolve;
      });
      await broker.publish({ exchange: '', key: queue }, signed);
      await Promise.race([service.settled(), thrown]);
    },
    nextSeed: () => ++seed,
    async ask(caller, request) {
      if (server === undefined) return new Response(null, { status: 501 });
      const token = request.headers.has('authorization') ? undefined : await tokenOf(caller);
      if (token !== undefined) request.headers.set('authorization', token);
      return server.fetch(request);
    },
    settled: async () => {
      if (isService(service)) await service.settled();
    },
    stop,
  };
}

/** A service without store and broker is only something to start and stop. */
function isService(service: Service | undefined): service is Service {
  return typeof service?.settled === 'function';
}

async function stubsFor(name: string, model: Model): Promise<Readonly<Record<string, Stub>>> {
  const called = new Set(model.http.filter(({ from }) => from === name).map(({ to }) => to));
  const providers = providersOf(model, { openapi: [] }).filter(({ service }) => called.has(service));
  const started = await Promise.all(
    providers.map(async (each) => [each.service, await startProvider(each, {})] as const),
  );
  return Object.fromEntries(started);
}

/** Whoever takes the messages is not here: a message that no queue takes counts as taken. */
function recording(broker: ReturnType<typeof memoryBroker>) {
  const sent: WireMessage[] = [];
  const client = broker.connect();
  const publish = client.publish.bind(client);
  client.publish = async (address, message) => {
    sent.push(message);
    await publish(address, message).catch((error: unknown) => {
      if (!(error instanceof UnroutableError)) throw error;
    });
  };
  return { sent, client };
}
