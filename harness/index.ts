/** What a user's own tests may rely on: time that moves when told to, and the services that they call. */

export { startStub } from './start-stub.js';
export type { Damage, Fault } from './stub/fault.js';
export type { StubFaults } from './stub/faults.js';
export type { StubRequest } from './stub/requests.js';
export type { Stub, StubOptions } from './stub/start-stub.js';
export { VirtualClock } from './virtual-clock.js';
