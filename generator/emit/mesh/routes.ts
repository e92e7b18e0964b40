import type { HttpEdge, Model, Operation, Policy } from '../../model/types.js';
import type { EmitInput } from '../emitter.js';
import { distinct } from '../names.js';

/** A service that others call within a mesh. */
export interface MeshProvider {
  /** As the contract calls it. */
  readonly service: string;
  /** As a mesh calls it: a DNS label. */
  readonly host: string;
  readonly port: number;
  /** In the order in which they are to be tried: what is special comes before what is general. */
  readonly routes: readonly MeshRoute[];
}

/** An operation as callers with one policy reach it. */
export interface MeshRoute {
  /** Distinct within the provider; a DNS label. */
  readonly name: string;
  readonly method: string;
  readonly path: MeshPath;
  /** DNS labels of the callers, sorted. Never empty. */
  readonly callers: readonly string[];
  /** Matches the `User-Agent` of generated clients of these callers; absent when all callers of the operation have this policy, and for frontends. */
  readonly userAgent?: string;
  readonly policy: MeshPolicy;
}

/** A path without parameters as it stands, else a regular expression (RE2) for the whole of it. */
export type MeshPath = { readonly exact: string } | { readonly regex: string };

/** A policy with the defaults that clients have, too. */
export interface MeshPolicy extends Omit<Policy, 'at' | 'retry' | 'timeoutMs'> {
  readonly timeoutMs: number;
  /** Longest time of all tries: the deadline, or what they can take when that is less. */
  readonly wholeMs: number;
  /** Absent for one try, and for what must not be done twice. */
  readonly retry?: { readonly again: number; readonly initialMs: number; readonly on: ReadonlySet<string> };
}

/** Waits when no policy of the contract says how long a call may take, as in generated clients. */
const timeoutDefaultMs = 10_000;
const portDefault = 8080;

/**
 * What happens between the services of a mesh. External services are outside. So are frontends, whose calls come in through whatever stands in front: only that is
 * asked for with `frontends`.
 */
export function meshProviders(
  { model, http }: Pick<EmitInput, 'model' | 'http'>,
  { frontends }: { readonly frontends: boolean } = { frontends: false },
): readonly MeshProvider[] {
  const roleOf = (service: string): string | undefined => model.services.get(service)?.role;
  const inside = model.http.filter(
    ({ from, to }) =>
      roleOf(from) !== 'external' && roleOf(to) !== 'external' && (frontends || roleOf(from) !== 'frontend'),
  );
  const hosts = hostNames(inside);
  return [...new Set(inside.map((edge) => edge.to))].sort().flatMap((service) => {
    const servers = http.documents.find(({ document }) => document.service === service)?.document.servers ?? [];
    const { port, basePath } = serverOf(servers);
    const routes = routesOf(model, service, basePath, inside, hosts);
    return routes.length === 0 ? [] : [{ service, host: hosts.get(service) ?? '', port, routes }];
  });
}

/** DNS labels (RFC 1123) of at most 50 characters, so that there is room for a suffix. */
function hostNames(edges: readonly HttpEdge[]): ReadonlyMap<string, string> {
  const services = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  return distinct(services, dnsLabel);
}

function dnsLabel(name: string): string {
  const label = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'unnamed' : label;
}

function serverOf(servers: readonly string[]): { readonly port: number; readonly basePath: string } {
  const [first = ''] = servers;
  const absolute = /^https?:/i.test(first) && URL.canParse(first) ? new URL(first) : undefined;
  const path = absolute === undefined ? first : absolute.pathname;
  return {
    port: absolute === undefined || absolute.port === '' ? portDefault : Number(absolute.port),
    basePath: path.startsWith('/') ? path.replace(/\/+$/, '') : '',
  };
}

function routesOf(
  model: Model,
  service: string,
  basePath: string,
  inside: readonly HttpEdge[],
  hosts: ReadonlyMap<string, string>,
): readonly MeshRoute[] {
  const operations = [...model.operations.values()].filter((operation) => operation.service === service);
  const found = operations.flatMap((operation) => {
    const groups = byPolicy(operation, inside);
    return groups.map(({ policy, callers }): Omit<MeshRoute, 'name'> & { readonly id: string } => {
      const own = callers.map((caller) => hosts.get(caller) ?? '').sort();
      return {
        ...{ id: operation.definition.id, method: operation.definition.method.toUpperCase(), callers: own },
        path: pathOf(basePath + operation.definition.path),
        ...(groups.length > 1 &&
          callers.every((caller) => model.services.get(caller)?.role !== 'frontend') && {
            userAgent: `(${callers.map(agentOf).sort().join('|')}) .*`,
          }),
        policy: meshPolicy(operation, policy),
      };
    });
  });
  const sorted = [...found].sort((a, b) => compare(sortKey(a), sortKey(b)));
  const names = distinct(sorted, ({ id }) => dnsLabel(id));
  return sorted.map((route) => {
    const { id: _, ...rest } = route;
    return { ...rest, name: names.get(route) ?? '' };
  });
}

/** Callers of an operation by the policy that they call it with. Of several edges of one caller the first with a policy decides, as it does in its client. */
function byPolicy(
  operation: Operation,
  edges: readonly HttpEdge[],
): readonly { readonly policy: Policy | undefined; readonly callers: readonly string[] }[] {
  const asking = edges.filter(
    ({ to, operations }) => to === operation.service && operations.some(({ id }) => id === operation.definition.id),
  );
  const groups = new Map<string, { readonly policy: Policy | undefined; readonly callers: string[] }>();
  for (const caller of new Set(asking.map(({ from }) => from))) {
    const policy = asking.find((edge) => edge.from === caller && edge.policy !== undefined)?.policy;
    const { at: _, name: _name, ...values } = policy ?? {};
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { policy, callers: [] };
    groups.set(key, group);
    group.callers.push(caller);
  }
  return [...groups.values()];
}

/** As `User-Agent` names the caller, escaped for a regular expression. */
function agentOf(caller: string): string {
  return escaped(caller.replace(/[^\w.~-]+/g, '-'));
}

/** Text before parameters, at every place of the path; what asks for a caller before what takes any. */
function sortKey({ path, method, callers, userAgent }: Omit<MeshRoute, 'name'>): string {
  const text = 'exact' in path ? path.exact : path.regex.replaceAll('[^/]+', '\uffff');
  return [text, method, userAgent === undefined ? '1' : '0', ...callers].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function pathOf(path: string): MeshPath {
  if (!/\{[^{}]*\}/.test(path)) return { exact: path };
  return {
    regex: path
      .split(/(\{[^{}]*\})/)
      .map((part) => (/^\{.*\}$/.test(part) ? '[^/]+' : escaped(part)))
      .join(''),
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Methods that HTTP itself promises to be repeatable: RFC 9110 section 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

function meshPolicy(operation: Operation, policy: Policy | undefined): MeshPolicy {
  const { at: _, retry: tries, ...rest } = policy ?? {};
  const timeoutMs = policy?.timeoutMs ?? policy?.deadlineMs ?? timeoutDefaultMs;
  const repeatable =
    idempotentMethods.has(operation.definition.method.toUpperCase()) || operation.idempotencyHeader !== undefined;
  const again = repeatable ? (tries?.attemptsMax ?? 1) - 1 : 0;
  const allMs = timeoutMs * (again + 1) + (again > 0 ? again * (tries?.maxMs ?? 0) : 0);
  return {
    ...rest,
    timeoutMs,
    wholeMs: Math.min(policy?.deadlineMs ?? allMs, allMs),
    ...(again > 0 && tries !== undefined && { retry: { again, initialMs: tries.initialMs, on: new Set(tries.on) } }),
  };
}
