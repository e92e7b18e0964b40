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
  type CallPlace,
  HttpConnectionError,
  HttpStatusError,
  HttpTimeoutError,
  UnexpectedReplyError,
} from './errors.js';
export { listening } from './listening.js';
export type { Listening, ListenOptions } from './node-adapter.js';
export type { OperationDefinition } from './operation.js';
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
