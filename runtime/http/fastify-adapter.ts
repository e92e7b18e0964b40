/// <reference types="node" preserve="true" />
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nodeRequest, plainReply, targetOf } from './node-exchange.js';
import type { HttpServer } from './server.js';

/**
 * A plugin that answers everything below the contract's base path, beside the routes that the application has there itself. Hooks of the application run before and
 * after, what they set as headers is kept; its body parsers do not, since the contract says how bodies are read. With a `prefix` the contract's paths lie below it.
 */
export function fastifyPlugin(server: Pick<HttpServer, 'answer' | 'basePath'>): (instance: object) => Promise<void> {
  // The type names nothing of Fastify, so that services without it compile.
  return async (instance) => {
    const fastify = instance as FastifyInstance;
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
    fastify.all(`${server.basePath}/*`, (request, reply) => answer(server, fastify, request, reply));
  };
}

async function answer(
  server: Pick<HttpServer, 'answer'>,
  { prefix }: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const target = targetOf((request.raw.url ?? '/').slice(prefix.length));
  if (target === undefined) return reply.code(400).send();
  const answered = await server.answer(nodeRequest(request.raw, reply.raw, target));
  const { body, headers } = await plainReply(answered);
  reply.code(answered.status).headers(headers);
  // What is left of a request that nobody wants to read would be taken for the next one.
  if (!request.raw.complete) reply.header('connection', 'close');
  return reply.send(body ?? undefined);
}
