/** What generated clients and servers, and the people who use them, need of the HTTP half. */
export { type Authenticate, anyOf, type Credentialed } from './authenticate.js';
export {
  type CallOptions,
  type ClientDefinition,
  type ClientOptions,
  createClient,
} from './client.js';
export { type Credentials, speaksFor } from './credentials.js';
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
export type { Answer as ServerAnswer, ServerReply, ServerRequest } from './exchange.js';
export { fastifyPlugin } from './fastify-adapter.js';
export type { FlagDefinition, Flags } from './feature-flags.js';
export type { HeaderReader } from './header-reader.js';
export { listening } from './listening.js';
export type { Listening, ListenOptions } from './node-adapter.js';
export type { KeepingService, Once } from './once.js';
export type { OperationDefinition } from './operation.js';
export type { Answer, BreakerPolicy, CallPolicy, Fallback } from './policy/policy.js';
export { type Problem, ProblemError, type ProblemPlace } from './problem.js';
export type { ReplyHeaders, StatusOf } from './reply.js';
export { createServer, type HttpServer, type ServerDefinition } from './server.js';
export type { SecuredServerOptions, ServerCall, ServerOptions } from './server-options.js';
export {
  type ServiceCaller,
  type ServiceTokenOptions,
  serviceTokens,
  type VerifyServiceTokenOptions,
  verifyServiceToken,
} from './service-token.js';
export { type TokenCaller, type VerifyJwtOptions, verifyJwt } from './user-token.js';
