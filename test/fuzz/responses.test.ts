import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../generator/schema/random.js';
import type { StubOperation } from '../../harness/stub/provider.js';
import { bodyOf } from '../../harness/stub/values.js';
import { writeBody } from '../../runtime/http/body.js';
import { HttpStatusError, NoAnswerError, UnexpectedReplyError } from '../../runtime/http/errors.js';
import { silentLogger } from '../../runtime/log.js';
import { corpusDocuments } from '../corpus/documents.js';
import { credentialsFor, generateClient, importClient } from '../stub/clients.js';
import { statusesOf, textOf } from '../stub/drive.js';
import { type ClientRequest, requestFor } from '../stub/requests.js';
import { type Judge, judgeOf } from './judge.js';
import { type Documented, type Reply, replyOf } from './replies.js';

// Replies through generated clients, without a network. SEAMWRIGHT_FUZZ_RESPONSES says how many, SEAMWRIGHT_SEED which ones.
const total = Number(process.env.SEAMWRIGHT_FUZZ_RESPONSES ?? 6_000);
const seed = Number(process.env.SEAMWRIGHT_SEED ?? (process.env.CI ? 20261120 : Math.floor(Math.random() * 1e9)));
const ROOT = join(import.meta.dirname, '../..');
const documents = join(ROOT, 'test/stub/documents');
const output = join(ROOT, `.seamwright/test-fuzz-${process.pid}`);
const BATCH = 200;

type Call = (request: ClientRequest, options: object) => Promise<unknown>;

/** One operation of a client with a valid request and valid answers. */
interface Target {
  readonly operation: StubOperation;
  readonly judge: Judge;
  readonly request: ClientRequest;
  readonly answers: readonly Documented[];
  call: Call;
}

const targets: Target[] = [];
/** What the next call of a client gets; calls of one batch are told apart by this header. */
const pending = new Map<string, Reply>();

beforeAll(async () => {
  for (const [index, document] of corpusDocuments(documents).entries()) {
    const generated = await generateClient(document, join(output, `d${index}`));
    const { provider } = generated;
    const client = (await importClient(generated))({
      urls: { [provider.service]: 'http://provider.test' },
      authorize: () => credentialsFor(provider),
      fetch: async (_: string, init: RequestInit) =>
        deliver(new Headers(init.headers).get('x-fuzz') ?? '', init.signal),
      log: silentLogger,
    });
    const judge = judgeOf(join(document.home, document.entry));
    for (const operation of provider.operations) {
      const request = [1, 2, 3, 4, 5].map((each) => requestFor(operation, each)).find((each) => each !== undefined);
      const call = client[operation.name] as Call | undefined;
      if (request === undefined || call === undefined) throw new Error(`${operation.id} cannot be called`);
      targets.push({ operation, judge, request, call, answers: await answersOf(operation) });
    }
  }
}, 120_000);
afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('a generated client', () => {
  it(
    `gives no invalid body to its caller, throws its own errors only, and ends: ${total} replies`,
    async () => {
      const random = randomStream(seed);
      const counts = { given: 0, status: 0, unexpected: 0, none: 0 };
      const startedMs = performance.now();
      for (let at = 0; at < total; at += BATCH) {
        const calls = Array.from({ length: Math.min(BATCH, total - at) }, (_, index) => one(random, `${at + index}`));
        for (const kind of await ended(calls, at)) counts[kind]++;
      }
      const seconds = (performance.now() - startedMs) / 1000;
      if (process.env.SEAMWRIGHT_FUZZ_RESPONSES !== undefined) console.log({ seed, total, ...counts, seconds });
      // Each way out was taken, so that none of them is only believed to work.
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(total / 200);
    },
    Math.max(60_000, total * 10),
  );
});

describe('a body that is deeper than the stack', () => {
  it('is refused like any other that breaks the contract', async () => {
    const tree = targets.find(({ operation }) => operation.id === 'getTree') as Target;
    const text = `${'{"value":1,"children":['.repeat(50_000)}${']}'.repeat(50_000)}`;
    const body = new TextEncoder().encode(text);
    pending.set('deep', {
      kind: 'response',
      status: 200,
      type: 'application/json',
      body,
      broken: false,
      untouched: false,
    });
    const refused = tree.call(tree.request, { headers: { 'x-fuzz': 'deep' } });
    await expect(refused).rejects.toThrow(/nested too deeply/);
    await expect(refused).rejects.toBeInstanceOf(UnexpectedReplyError);
    pending.delete('deep');
  });
});

describe('the judge', () => {
  it('would catch a client that gives whatever is JSON', () => {
    const random = randomStream(seed);
    let caught = 0;
    for (let at = 0; at < 1_000; at++) {
      const { operation, judge, answers } = random.pick(targets) as Target;
      const reply = replyOf(random, random.pick(answers) as Documented);
      if (reply.kind !== 'response' || reply.body === null || reply.status > 299) continue;
      const value = jsonOf(reply.body);
      if (value !== undefined && judge.breach(operation.definition, reply.status, value) !== undefined) caught++;
      if (reply.untouched && /json/.test(reply.type ?? ''))
        expect(judge.breach(operation.definition, reply.status, value)).toBeUndefined();
    }
    expect(caught).toBeGreaterThan(50);
  });
});

/** What a client without a contract would give; undefined where it would fail, and for what is too deep to be judged. */
function jsonOf(body: Uint8Array): unknown {
  if (body.length > 100_000) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

type Kind = 'given' | 'status' | 'unexpected' | 'none';

async function one(random: ReturnType<typeof randomStream>, key: string): Promise<Kind> {
  const target = random.pick(targets) as Target;
  const documented = random.pick(target.answers) as Documented;
  const reply = replyOf(random, documented);
  pending.set(key, reply);
  const fail = (what: string): never => {
    const { operation } = target;
    const told =
      reply.kind === 'response' && reply.body !== null
        ? { ...reply, body: new TextDecoder().decode(reply.body).slice(0, 500) }
        : reply;
    throw new Error(`${operation.id} (seed ${seed}, reply ${key}): ${what}\n${JSON.stringify(told)}`);
  };
  let value: unknown;
  try {
    value = await target.call(target.request, {
      headers: { 'x-fuzz': key },
      ...(reply.kind === 'stalled' && { timeoutMs: 5 }),
    });
  } catch (error) {
    const mustGive = reply.kind === 'response' && reply.untouched && reply.status < 300;
    if (mustGive) return fail(`a valid answer was refused: ${textOf(error)}`);
    if (error instanceof HttpStatusError)
      return reply.kind === 'response' && error.status === reply.status && reply.status >= 300
        ? 'status'
        : fail(`wrong status: ${error.status}`);
    if (error instanceof UnexpectedReplyError) return 'unexpected';
    return error instanceof NoAnswerError ? 'none' : fail(`not a documented error: ${textOf(error)}`);
  } finally {
    pending.delete(key);
  }
  if (reply.kind !== 'response') return fail('a value without an answer');
  const breach = target.judge.breach(target.operation.definition, reply.status, value);
  return breach === undefined ? 'given' : fail(`an invalid body was given: ${breach}`);
}

/** Outcomes of a batch; a call that hangs is told apart from a slow machine by a long wait. */
async function ended(calls: readonly Promise<Kind>[], at: number): Promise<readonly Kind[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a call of ${at} to ${at + calls.length} hangs (seed ${seed})`)), 30_000);
  });
  try {
    return await Promise.race([Promise.all(calls), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function deliver(key: string, signal: AbortSignal | null | undefined): Promise<Response> {
  const reply = pending.get(key);
  if (reply === undefined) throw new Error(`nobody asked for "${key}"`);
  if (reply.kind === 'thrown') throw reply.error;
  if (reply.kind === 'stalled')
    return new Response(stalled(signal), { status: bodyless(reply.status) ? 200 : reply.status });
  const headers = {
    ...(reply.type === undefined ? {} : { 'content-type': reply.type }),
    'retry-after': '; not a time',
  };
  const body = reply.body !== null && reply.broken ? brokenOff(reply.body) : reply.body;
  const response = new Response(body, { status: reply.status, headers });
  if (reply.type === undefined) response.headers.delete('content-type');
  return response;
}

function bodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** As the platform does it: an aborted request breaks the stream of its answer. */
function stalled(signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
  });
}

function brokenOff(body: Uint8Array): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError('terminated'));
      else controller.enqueue(body.subarray(0, body.length >> 1));
      sent = true;
    },
  });
}

async function answersOf(operation: StubOperation): Promise<readonly Documented[]> {
  const documented = statusesOf(operation);
  const statuses = documented.map(({ status }) => status);
  const types = operation.replies.flatMap(({ content }) => content.map(({ definition }) => definition.type));
  const answers: Documented[] = [];
  for (const { status, reply } of documented.filter((each) => each.status < 300)) {
    const contents = bodyless(status) || reply.content.length === 0 ? [undefined] : reply.content;
    for (const content of contents) {
      for (let each = 1; each <= 6; each++) {
        const written = content && writeBody(bodyOf(operation, content, each), content.definition);
        const text = written === undefined ? '' : await new Response(written.body).text();
        answers.push({ statuses, types, text, status, type: content?.definition.type.replace('*', 'png') });
      }
    }
  }
  return answers.length > 0 ? answers : [{ statuses: [200], types, text: '', status: 200, type: undefined }];
}
