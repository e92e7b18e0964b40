/** What a user's own tests may rely on: proof that a service keeps its contracts, time that moves when told to, and stand-ins for those that it talks to. */

export {
  type ApiOptions,
  type ApiReport,
  assertApiMatchesContract,
  ContractMismatchError,
} from './api/assert-api-matches-contract.js';
export type { ApiProblem } from './api/judge-reply.js';
export { type FakeBus, fakeBus, type GivenMessage } from './fakes/fake-bus.js';
export { type FakeCall, type FakeClient, fakeClient } from './fakes/fake-client.js';
export type { FlowDriver, FlowHands, FlowRequest, FlowValues } from './flows/hands.js';
export { type FlowOptions, type FlowResult, runFlows } from './flows/run-flows.js';
export type { FailureReport, Level, ScenarioResult, ServiceResult, TimelineLine, VerifyResult } from './result.js';
export { startStub } from './start-stub.js';
export type { Damage, Fault } from './stub/fault.js';
export type { StubFaults } from './stub/faults.js';
export type { StubRequest } from './stub/requests.js';
export type { Stub, StubOptions } from './stub/start-stub.js';
export { BrokenPromiseError, scenariosOf, type VerifyServiceOptions, verifyService } from './verify-service.js';
export { VirtualClock } from './virtual-clock.js';
