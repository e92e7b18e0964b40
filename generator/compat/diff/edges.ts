import type { HttpEdge, Model, Policy } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change } from '../change.js';
import { compareNouns, type NounTable } from './nouns.js';
import { pairs } from './pairs.js';
import { flattened, plain, sorted } from './plain.js';

/** Calls from service to service, the terms of each, and the policies that they are made under. */
export function* edgeChanges(before: Model, after: Model): Iterable<Change> {
  const callers = pairs(grouped(before.http), grouped(after.http));
  yield* compareNouns(callers, edgeTable);
  const terms = pairs(callsOf(before), callsOf(after)).filter((call) => call.before && call.after);
  yield* compareNouns(terms, termsTable(before, after));
  yield* compareNouns(pairs(before.policies, after.policies), policyTable([after, before]));
}

/** All edges between two services: which feature says one of them changes nothing for either. */
type Edges = readonly [HttpEdge, ...HttpEdge[]];

const edgeTable: NounTable<Edges> = {
  noun: 'edge',
  subject: (name) => `http:${name}`,
  features: (edges) => edges.map((edge) => edge.feature),
  at: ([edge]) => edge.at,
  settings: (edges) => ({
    from: edges[0].from,
    to: edges[0].to,
    operations: sorted(edges.flatMap((edge) => edge.operations.map(({ id }) => id))),
  }),
};

/** What is agreed about each operation that is called: two features may call two operations of one service on different terms. */
function termsTable(before: Model, after: Model): NounTable<Edges> {
  return {
    ...edgeTable,
    settings: (edges) => ({
      consistency: one(edges.map((edge) => edge.consistency)),
      criticality: one(edges.map((edge) => edge.criticality)),
      policy: one(edges.map((edge) => policyOf(edge, before.http.includes(edge) ? before : after))),
      null_on: sorted(edges.flatMap((edge) => edge.nullOn.map(String))),
      security: one(edges.map((edge) => edge.security && sorted(edge.security.allow))),
    }),
  };
}

/** Edges by `<from>-><to> operation:<id>`; those that name no operation by `<from>-><to>`. */
function callsOf({ http }: Model): ReadonlyMap<string, Edges> {
  const ids = new Set(http.flatMap((edge) => edge.operations.map(({ id }) => id)));
  const calling = (id: string): readonly HttpEdge[] =>
    http.filter((edge) => edge.operations.some((called) => called.id === id));
  return new Map([
    ...grouped(http.filter((edge) => edge.operations.length === 0)),
    ...[...ids].flatMap((id) => [...grouped(calling(id), ` operation:${id}`)]),
  ]);
}

/** Edges by the services between them. */
function grouped(edges: readonly HttpEdge[], suffix = ''): ReadonlyMap<string, Edges> {
  const found = new Map<string, Edges>();
  for (const edge of edges) {
    const key = `${edge.from}->${edge.to}${suffix}`;
    const known = found.get(key);
    found.set(key, known === undefined ? [edge] : [...known, edge]);
  }
  return found;
}

/** A policy belongs to the features whose calls are made under it. */
function policyTable(models: readonly Model[]): NounTable<Policy> {
  const edges = models.flatMap((model) => model.http);
  return {
    noun: 'policy',
    subject: (name) => `policy:${name}`,
    features: ({ name }) => edges.filter((edge) => edge.policy?.name === name).map((edge) => edge.feature),
    at: (policy) => policy.at,
    settings: (policy) => {
      const { name: _, ...said } = plain(policy) as Readonly<Record<string, unknown>>;
      const settings = Object.entries(said).flatMap(([key, value]) => Object.entries(flattened(value, key)));
      return Object.fromEntries(settings.map(([path, value]) => [path.split('.').map(contractWord).join('.'), value]));
    },
  };
}

/** Where the contract says it in other words than the model. */
const words: Readonly<Record<string, string>> = {
  attemptsMax: 'max_attempts',
  initialMs: 'initial_interval',
  maxMs: 'max_interval',
  concurrentMax: 'max_concurrent',
  queueMax: 'max_queue',
  halfOpenMax: 'half_open_max_calls',
};

function contractWord(key: string): string {
  return words[key] ?? key.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The name of a policy that the whole system knows; one that is written in place, or of a feature's own, by its values. */
function policyOf({ policy }: HttpEdge, model: Model): unknown {
  if (policy === undefined) return undefined;
  const said = plain(policy);
  const shared = policy.name === undefined ? undefined : model.policies.get(policy.name);
  return shared !== undefined && canonicalJson(plain(shared)) === canonicalJson(said) ? policy.name : said;
}

/** The one value that all have, else all of them in one order. */
function one(values: readonly unknown[]): unknown {
  const texts = new Map(values.map((value) => [canonicalJson(value), value]));
  if (texts.size === 1) return values[0];
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
