import { UsageError } from '../../runtime/errors.js';
import { type ContractPlace, readContract } from './contract.js';
import type { Fault } from './fault.js';
import { FaultList, type StubFaults } from './faults.js';
import { Memory } from './memory.js';
import type { Provider } from './provider.js';
import type { StubRequest } from './requests.js';
import { serve } from './serve.js';

export interface StubOptions extends ContractPlace {
  /** Which provider; may be left out where there is only one. */
  readonly service?: string;
  /** What is made up depends on it. Default 1. */
  readonly seed?: number;
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Default 127.0.0.1: only this machine can reach it. */
  readonly host?: string;
  /** Waited before every answer. Default 0. */
  readonly latencyMs?: number;
  /** Faults from the start, such as `getItem: status=503, times=3`. */
  readonly faults?: readonly (string | Fault)[];
}

/** A running stub. */
export interface Stub {
  readonly service: string;
  /** Address for clients, with the path before those of the contract. */
  readonly url: string;
  readonly port: number;
  /** Ids of the operations that it answers. */
  readonly operations: readonly string[];
  /** What it was asked since the start or the last reset, oldest first; at most the last 10,000. */
  readonly requests: readonly StubRequest[];
  readonly faults: StubFaults;
  /** Forgets what was created, the requests and the faults, except those from the start. */
  reset(): void;
  /** Breaks what is under way and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves a provider from its OpenAPI document: requests are checked as its contract says, answers are its examples or made up to fit, and what is created
 * can be got, changed and removed. Same seed and same requests, same answers. Throws `UsageError` when the contract cannot be read, the service is
 * unknown, or the port is taken.
 */
export async function startStub(options: StubOptions): Promise<Stub> {
  const providers = await readContract(options);
  return startProvider(providerNamed(providers, options.service), options);
}

/** The provider of this name, or the only one. Throws `UsageError` when there is none. */
export function providerNamed(providers: readonly Provider[], service: string | undefined): Provider {
  const found = providers.filter((provider) => service === undefined || provider.service === service);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = providers.map((provider) => `"${provider.service}"`).join(', ') || 'none';
  throw new UsageError(
    service === undefined || found.length > 1
      ? `which service is meant, and of which workspace? There are ${known}`
      : `no OpenAPI document of the contracts belongs to "${service}"; those with one are ${known}`,
  );
}

/** Serves a provider whose contract has been read. */
export async function startProvider(
  provider: Provider,
  options: Omit<StubOptions, keyof ContractPlace>,
): Promise<Stub> {
  const { seed = 1, port = 0, host = '127.0.0.1', latencyMs = 0 } = options;
  const faults = new FaultList(provider.operations);
  faults.set(options.faults ?? []);
  const around = { seed, basePath: provider.basePath, memory: new Memory(), kept: new Map() };
  const requests: StubRequest[] = [];
  const reset = (): void => {
    around.memory.clear();
    around.kept.clear();
    requests.length = 0;
    faults.set(options.faults ?? []);
  };
  const record = (request: StubRequest): void => {
    requests.push(request);
    if (requests.length > REQUESTS_MAX) requests.shift();
  };
  const opened = await serve({ provider, around, latencyMs, faults, requests, reset, record }, port, host);
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    service: provider.service,
    url: `http://${name}:${opened.port}${provider.basePath}`,
    port: opened.port,
    operations: provider.operations.map(({ id }) => id),
    requests,
    faults,
    reset,
    close: opened.close,
  };
}

/** A stub may run for days. */
const REQUESTS_MAX = 10_000;
