import type { Stub, StubOptions } from './stub/start-stub.js';

/**
 * Serves a provider from its OpenAPI document: requests are checked as its contract says, answers are its examples or made up to fit, and what is created
 * can be got, changed and removed. Same seed and same requests, same answers. Throws `UsageError` when the contract cannot be read, the service is
 * unknown, or the port is taken.
 */
export async function startStub(options: StubOptions): Promise<Stub> {
  // Reading contracts loads much that tests with a clock alone do not need.
  return (await import('./stub/start-stub.js')).startStub(options);
}
