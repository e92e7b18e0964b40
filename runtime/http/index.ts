/** What generated clients and servers, and the people who use them, need of the HTTP half. */
export type { Authenticate } from './authenticate.js';
export {
  type CallOptions,
  type ClientDefinition,
  type ClientOptions,
  type Credentials,
  createClient,
} from './client.js';
export {
  BulkheadFullError,
  type CallPlace,
  CircuitOpenError,
  HttpConnectionError,
  HttpDeadlineError,
  HttpStatusError,
  HttpTimeoutError,
  InvalidRequestError,
  NoAnswerError,
  RateLimitedError,
  UnexpectedReplyError,
} from './errors.js';
export { listening } from './listening.js';
export type { Listening, ListenOptions } from './node-adapter.js';
export type { OperationDefinition } from './operation.js';
export type { Answer, BreakerPolicy, CallPolicy, Fallback } from './policy/policy.js';
export { type Problem, ProblemError, type ProblemPlace } from './problem.js';
export type { ReplyHeaders, StatusOf } from './reply.js';
export {
  createServer,
  type HttpServer,
  type SecuredServerOptions,
  type ServerCall,
  type ServerDefinition,
  type ServerOptions,
} from './server.js';
