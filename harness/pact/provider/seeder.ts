import { randomUUID } from 'node:crypto';
import { requestVariants } from '../../../generator/emit/pact/http-interactions.js';
import { requestSample } from '../../../generator/emit/pact/request-sample.js';
import { checkOf, sampleOf } from '../../../generator/emit/pact/sample.js';
import { exampleOf } from '../../../generator/schema/example.js';
import type { Subject } from '../../subject.js';
import type { RunningSubject } from '../running-subject.js';
import { tellEntity } from '../tell-entity.js';
import type { ContractOperation, ProviderContract } from './provider-contract.js';

type Values = Readonly<Record<string, unknown>>;

/** Something that was made through the contract's own operations. */
export interface Created {
  readonly body: Values;
  readonly reply: Values;
  readonly location: string | undefined;
}

/**
 * Brings things into being the way a caller would: with the operations that the contract gives for it. What it makes is made up, so that it does not stand in the way
 * of what an interaction makes itself.
 */
export class Seeder {
  constructor(
    private readonly subject: Subject,
    private readonly contract: ProviderContract,
    private readonly running: RunningSubject,
    private readonly caller: string,
  ) {}

  /** Whether others answer for the service: what it has not, it asks them for. */
  get delegates(): boolean {
    return Object.keys(this.running.stubs).length > 0;
  }

  /** Has the services that it calls answer as if there were nothing. */
  emptyOthers(): void {
    const { model, name } = this.subject;
    for (const [provider, { faults }] of Object.entries(this.running.stubs)) {
      const called = model.http.filter(({ from, to }) => from === name && to === provider);
      const missing = called.flatMap(({ operations }) =>
        operations
          .map(({ id }) => model.operations.get(`${provider}.${id}`)?.definition)
          .filter((operation) => operation?.responses.some(({ status }) => status === '404')),
      );
      faults.set(missing.map((operation) => ({ operation: operation?.id ?? '', status: 404 })));
    }
  }

  /** The operation that makes what the first parameter of a path names: `POST /users` for `/users/{id}/role`. */
  creatorFor({ facts }: ContractOperation): ContractOperation | undefined {
    const fixed = facts.operation.definition.path.split('/{', 1)[0] ?? '';
    const segments = fixed.split('/');
    for (let length = segments.length; length > 1; length--) {
      const found = this.postAt(segments.slice(0, length).join('/'));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The operation that makes what a member such as `companyId` names. */
  creatorOf(member: string): ContractOperation | undefined {
    const wanted = singular(member.replace(/[-_]?id$/i, ''));
    return this.contract.operations.find(({ facts }) => {
      const { method, path } = facts.operation.definition;
      return (
        method === 'post' && !path.includes('{') && wanted !== '' && singular(path.split('/').at(-1) ?? '') === wanted
      );
    });
  }

  /** The operation that puts a thing where another one looks for it. */
  putterFor({ facts }: ContractOperation): ContractOperation | undefined {
    const { path, method } = facts.operation.definition;
    return this.contract.operations.find(({ facts: { operation, replies } }) => {
      const { definition } = operation;
      return (
        definition.method === 'put' &&
        method !== 'put' &&
        definition.path === path &&
        !replies.some(({ status }) => status === '404')
      );
    });
  }

  postAt(path: string): ContractOperation | undefined {
    return this.contract.operations.find(
      ({ facts: { operation } }) => operation.definition.method === 'post' && operation.definition.path === path,
    );
  }

  /** Makes one more of what an operation makes. Throws when the service refuses every attempt. */
  async create(operation: ContractOperation, complete: boolean, depth = 0): Promise<Created> {
    let refusal = '';
    for (let attempt = 0; attempt < 6; attempt++) {
      // Optional members may contradict each other in ways that no schema tells.
      const body = await this.madeUp(operation, complete && attempt < 3, depth);
      const { status, reply, location } = await this.perform(operation, { body });
      if (status >= 200 && status < 300) return { body, reply, location };
      refusal = `${status} ${JSON.stringify(reply)}`;
    }
    throw new Error(`${operation.facts.name} made nothing: it answers ${refusal}`);
  }

  /** Asks an operation with these values in place of the sample's. A key is made anew unless one is given. */
  async perform(
    operation: ContractOperation,
    given: { readonly body?: Values; readonly values?: Values; readonly idempotencyKey?: string },
  ): Promise<{ readonly status: number; readonly reply: Values; readonly location: string | undefined }> {
    const { facts, catalogue, basePath } = operation;
    const [variant] = requestVariants(catalogue, facts);
    const key = randomUUID().replaceAll('-', '');
    const sample = requestSample({
      graph: catalogue.graph,
      facts,
      basePath,
      body: variant?.sample,
      answer: given.values,
      key,
    });
    if (sample === undefined) throw new Error(`no request for ${facts.name} could be made up`);
    const { request, params } = sample;
    const values: Values = { ...params, ...given.values };
    const path = facts.parameters
      .filter(({ parameter }) => parameter.in === 'path')
      .reduce(
        (text, { as, parameter }) => text.replaceAll(`{${parameter.name}}`, encodeURIComponent(String(values[as]))),
        basePath + facts.operation.definition.path,
      );
    const url = new URL(path, 'http://localhost');
    for (const [name, texts] of Object.entries(request.query ?? {})) url.searchParams.set(name, texts[0] ?? '');
    const headers = new Headers(Object.entries(request.headers ?? {}).map(([name, texts]) => [name, texts[0] ?? '']));
    const { idempotencyHeader } = facts.operation;
    if (idempotencyHeader !== undefined && given.idempotencyKey !== undefined)
      headers.set(idempotencyHeader, given.idempotencyKey);
    const body = given.body ?? variant?.sample.value;
    const answer = await this.running.ask(
      this.callerOf(operation),
      new Request(url, { method: request.method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }),
    );
    return {
      status: answer.status,
      reply: asObject(await readJson(answer)),
      location: answer.headers.get('location') ?? undefined,
    };
  }

  /** Everything that members of a body name is made first. Members that nobody can make stay as they are. */
  async references(body: unknown, complete: boolean, depth: number): Promise<Values> {
    const made: Record<string, unknown> = {};
    if (depth > 4) return made;
    for (const member of Object.keys(asObject(body)).filter((name) => /(Id|_id)$/.test(name))) {
      const creator = this.creatorOf(member);
      const id =
        creator === undefined
          ? await this.copyOf(member, made)
          : idOf(await this.create(creator, complete, depth + 1), 'id');
      if (id !== undefined) made[member] = id;
    }
    return made;
  }

  /** Not everybody may ask everything: one whom the contract names is taken where the consumer at hand is not among them. */
  private callerOf({ facts }: ContractOperation): string {
    const callers = this.subject.model.http
      .filter(
        ({ to, operations }) => to === this.subject.name && operations.some(({ id }) => id === facts.operation.id),
      )
      .map(({ from }) => from);
    return callers.includes(this.caller) ? this.caller : (callers[0] ?? this.caller);
  }

  /** Tells the service of an entity that it keeps a copy of, as the owner would; its id, or undefined when it keeps none. */
  private async copyOf(member: string, known: Values): Promise<string | undefined> {
    const wanted = singular(member.replace(/[-_]?id$/i, ''));
    const entity = [...this.subject.model.entities.keys()].find((name) => singular(name) === wanted);
    if (entity === undefined) return undefined;
    const seed = this.running.nextSeed();
    const messages = tellEntity(this.subject, entity, `pact-${seed}`, seed, known);
    for (const { sender, wire } of messages) await this.running.deliver(sender, wire);
    return messages.at(-1)?.id;
  }

  /** A value that nobody has been given, of the schema of a path parameter. */
  unknown({ facts, catalogue }: ContractOperation, as: string): unknown {
    const parameter = facts.parameters.find((each) => each.as === as)?.parameter;
    const id = parameter?.schema && catalogue.graph.roots.get(`${parameter.schema.file}#${parameter.schema.pointer}`);
    const uuid = randomUUID();
    if (id === undefined || checkOf(catalogue.graph, id)(uuid).length === 0) return uuid;
    const made = exampleOf(catalogue.graph, id, { seed: this.running.nextSeed(), check: checkOf(catalogue.graph, id) });
    return made.ok ? made.value : uuid;
  }

  private async madeUp({ facts, catalogue }: ContractOperation, complete: boolean, depth: number): Promise<Values> {
    const id = facts.body?.content.find(({ kind }) => kind === 'json')?.id;
    if (id === undefined) return {};
    const { graph } = catalogue;
    const seed = this.running.nextSeed();
    const check = checkOf(graph, id);
    const made = exampleOf(graph, id, { seed, check });
    const written = made.ok ? made.value : undefined;
    const sample = sampleOf(graph, id, { members: complete ? 'complete' : 'required', written });
    const plain = asObject(sample?.value ?? written);
    const distinct = Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [name, isAddress(value) ? `n${seed}.${value}` : value]),
    );
    const body = check(distinct).length === 0 ? distinct : plain;
    return { ...body, ...(await this.references(body, complete, depth)) };
  }
}

/** The id of something made: the member that a parameter names, of the answer or of the request, else `id`, else the end of its address. */
export function idOf({ reply, body, location }: Created, name: string): unknown {
  if (Object.hasOwn(reply, name)) return reply[name];
  if (Object.hasOwn(body, name)) return body[name];
  const end = location?.split(/[?#]/, 1)[0]?.split('/').at(-1);
  return reply.id ?? (end === undefined ? undefined : decodeURIComponent(end));
}

export function asObject(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

/** Addresses of mail tell people apart, so that two of the same are often refused. */
function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value);
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `Companies`, `company` and `COMPANY` name one thing. */
function singular(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|ss)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}
