import type { Flow, Model } from '../../generator/model/types.js';
import { evaluateExpression } from '../../generator/schema/expression.js';
import type { Store } from '../../runtime/stores/store.js';
import type { Run } from '../history.js';
import { flagOffMeansOff } from '../invariants/flag-off-means-off.js';
import { invariants } from '../invariants/registry.js';
import { type Plan, startMs } from '../plan.js';
import type { ServiceCode, Subject } from '../subject.js';
import { inSimulation } from '../world/globals.js';
import { type Line, sqlStores } from '../world/sql-store.js';
import { traceOf } from '../world/witness.js';
import { World, type WorldOptions } from '../world/world.js';
import { deriveDriver, MadeUpError } from './derive.js';
import { type Expected, type FlowDriver, handsIn } from './hands.js';
import { type HopSeen, hopsSeen } from './hops.js';
import { scopeAfter } from './scope.js';

/** A system whose flows are run. */
export interface FlowSystem {
  readonly model: Model;
  readonly services: ReadonlyMap<string, ServiceCode>;
  subject(service: string): Subject;
}

export interface FlowOptions {
  /** Flows to run, by name or by `<feature>.<name>`; default all. */
  readonly only?: readonly string[];
  readonly seed?: number;
  /** Changes a service before it runs, such as by a mistake to be found. */
  readonly mutate?: WorldOptions['mutate'];
}

export interface FlowResult {
  readonly feature: string;
  readonly flow: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped; empty when it passed. */
  readonly reason: string;
  readonly hops: readonly HopSeen[];
  readonly expectations: readonly Expected[];
  /** Virtual ms from the last act to rest. */
  readonly convergedMs?: number;
  readonly run?: Run;
}

/**
 * Runs every flow of a system end to end: all its services with their users' code in one world, on the embedded database, external ones played by their contracts.
 * A driver of the user's begins it, else what its hops say. What a service does wrong is in the results, never thrown.
 */
export async function runFlows(system: FlowSystem, options: FlowOptions = {}): Promise<readonly FlowResult[]> {
  const { only } = options;
  const results: FlowResult[] = [];
  for (const flow of system.model.flows) {
    if (flow.kind !== 'flow') continue;
    if (only !== undefined && !only.includes(flow.name) && !only.includes(`${flow.feature}.${flow.name}`)) continue;
    results.push(await runFlow(system, flow, options));
  }
  return results;
}

async function runFlow(system: FlowSystem, flow: Flow, options: FlowOptions): Promise<FlowResult> {
  const named = { feature: flow.feature, flow: flow.name };
  const skipped = (reason: string): FlowResult => ({ ...named, status: 'skipped', reason, hops: [], expectations: [] });
  const driver = driverOf(system, flow);
  if ('missing' in driver) return skipped(driver.missing);
  const able = [...system.services.values()].filter(
    ({ name, create }) => create !== undefined && system.model.services.get(name)?.role !== 'frontend',
  );
  const first = flow.hops.flatMap(({ from, to }) => [from, to]).find((name) => able.some((one) => one.name === name));
  if (first === undefined) return skipped('none of its services has code that could run');
  const cast: Cast = { system, flow, able, first, options, driver: driver.driver };
  const played = await play(cast, []);
  const hops = hopsSeen(system.model, flow, played.run.happenings);
  const result = judged({ named, flow, hops, ...played, subject: system.subject(first) });
  const flag = system.model.features.get(flow.feature)?.flag;
  if (flag === undefined || result.status !== 'passed') return result;
  const off = await offAnswers(cast, flag.name, flag.offStatus);
  return off.holds
    ? { ...result, expectations: [...result.expectations, off] }
    : {
        ...result,
        status: 'failed',
        reason: `it does not hold that ${off.text}`,
        expectations: [...result.expectations, off],
      };
}

interface Cast {
  readonly system: FlowSystem;
  readonly flow: Flow;
  /** Services that can run. */
  readonly able: readonly ServiceCode[];
  readonly first: string;
  readonly options: FlowOptions;
  readonly driver: FlowDriver;
}

interface Played {
  readonly run: Run;
  readonly thrown: unknown;
  readonly noted: readonly Expected[];
  readonly scope: Readonly<Record<string, unknown>>;
}

async function play(cast: Cast, faults: Plan['faults']): Promise<Played> {
  const world = await worldOf(cast, faults);
  const noted: Expected[] = [];
  return inSimulation(world, async () => {
    let thrown: unknown;
    const hands = handsIn(world, callerIn(cast.system.model), noted);
    await world.act(async () => {
      try {
        await cast.driver(hands);
      } catch (error) {
        thrown = error;
      }
    });
    const run = await runOf(world);
    const scope = await world.clock.run(scopeAfter(world, run, namesIn(cast.flow)));
    await world.stop();
    return { run, thrown, noted, scope };
  });
}

/** The same flow with its feature switched off: what its driver expects is no matter then. */
async function offAnswers(cast: Cast, flag: string, offStatus: number): Promise<Expected> {
  const { run } = await play(cast, [{ fault: 'flag-off', flag }]);
  const subject = cast.system.subject(cast.first);
  const answered = run.happenings.some((one) => one.kind === 'served' && one.status === offStatus);
  const lawful = [...flagOffMeansOff.check(run, subject)].length === 0;
  return {
    text: `while "${flag}" is switched off its operations answer ${offStatus} and do nothing`,
    holds: answered && lawful,
  };
}

interface Judging extends Played {
  readonly named: Pick<FlowResult, 'feature' | 'flow'>;
  readonly flow: Flow;
  readonly subject: Subject;
  readonly hops: readonly HopSeen[];
}

function judged({ named, flow, run, thrown, noted, scope, subject, hops }: Judging): FlowResult {
  const expectations = [
    ...noted,
    ...flow.expect.map(({ says, holds }) => expectation(holds.text, says, run, subject, scope)),
  ];
  const convergedMs = convergenceOf(run);
  const whole = { ...named, hops, expectations, ...(convergedMs !== undefined && { convergedMs }), run };
  if (thrown instanceof MadeUpError)
    return {
      ...whole,
      status: 'skipped',
      reason: `${thrown.message}; write a driver "${flow.name}" into "flows" of a verify.ts`,
    };
  if (thrown !== undefined)
    return {
      ...whole,
      status: 'failed',
      reason: `it could not be driven: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
  const reasons = [
    ...hops.filter(({ seen }) => !seen).map(({ text }) => `${text} did not happen`),
    ...expectations.filter(({ holds }) => !holds).map(({ text }) => `it does not hold that ${text}`),
    ...(convergedMs === undefined ? ['it did not come to rest'] : []),
    ...(flow.convergeWithinMs !== undefined && (convergedMs ?? 0) > flow.convergeWithinMs
      ? [`it took ${convergedMs} ms to come to rest, ${flow.convergeWithinMs} ms were agreed`]
      : []),
  ];
  return { ...whole, status: reasons.length === 0 ? 'passed' : 'failed', reason: reasons.join('; ') };
}

/** Names of invariants that contracts have from the catalogue of scenarios. */
const otherNames: Readonly<Record<string, string>> = { 'applied-once': 'effect-once' };

/** An expression over the states of services, or the id of a registered invariant. */
function expectation(
  text: string,
  says: string | undefined,
  run: Run,
  subject: Subject,
  scope: Readonly<Record<string, unknown>>,
): Expected {
  const shown = says === undefined ? text : `${says} (${text})`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text))
    return { text: shown, holds: evaluateExpression(text, scope) === true };
  const invariant = invariants.find(({ id }) => id === (otherNames[text] ?? text));
  if (invariant === undefined) return { text: `${shown}, but no invariant is called so`, holds: false };
  return { text: shown, holds: [...invariant.check(run, subject)].length === 0 };
}

function driverOf(
  { model, services }: FlowSystem,
  flow: Flow,
): { readonly driver: FlowDriver } | { readonly missing: string } {
  const participants = [...new Set(flow.hops.flatMap(({ from, to }) => [from, to]))];
  const broken = participants
    .map((name) => services.get(name))
    .find((one) => one?.reason?.startsWith('Cannot') === true);
  if (broken !== undefined) return { missing: `${broken.name} cannot be loaded: ${broken.reason}` };
  for (const { flows } of services.values()) {
    const own = flows?.[`${flow.feature}.${flow.name}`] ?? flows?.[flow.name];
    if (typeof own === 'function') return { driver: own as FlowDriver };
  }
  return deriveDriver(model, services, flow);
}

async function worldOf({ system, flow, able, first, options }: Cast, faults: Plan['faults']): Promise<World> {
  const line: Line = { last: Promise.resolve() };
  const sql = new Map(able.map(({ name }) => [name, sqlStores(`${system.model.system} ${name}`, line)]));
  const stores = new Map<string, Store>();
  for (const [name, one] of sql) stores.set(name, await one.open());
  const plan: Plan = {
    ...{ seamwright: 1, system: system.model.system, service: first, scenario: `flow:${flow.feature}.${flow.name}` },
    ...{ level: 'sql', seed: options.seed ?? 1, jitter: 0, steps: [], faults },
  };
  return new World({
    subject: system.subject(first),
    plan,
    parts: new Map(able.map(({ name }) => [name, 'itself' as const])),
    store: (service) => {
      const store = stores.get(service);
      if (store === undefined) throw new Error(`${service} has no store`);
      return store;
    },
    busy: () => [...sql.values()].some((one) => one.busy()),
    ...(options.mutate && { mutate: options.mutate }),
  });
}

async function runOf(world: World): Promise<Run> {
  const end = await world.collect();
  const happenings = [...world.witness.happenings];
  return { plan: world.plan, happenings, end, tookMs: world.clock.now() - startMs, trace: traceOf(happenings) };
}

/** From the last act to the last thing that followed from it. */
function convergenceOf({ happenings }: Run): number | undefined {
  if (!happenings.some(({ kind }) => kind === 'at-rest')) return undefined;
  const acted = happenings.findLast(({ kind }) => kind === 'did' || kind === 'answered')?.at ?? 0;
  const last = happenings.findLast(({ kind }) => kind === 'settled' || kind === 'copied' || kind === 'called')?.at ?? 0;
  return Math.max(0, last - acted);
}

/** Names that follow a dot and begin with a capital letter: `people.Employee`. */
function namesIn({ expect }: Flow): ReadonlySet<string> {
  return new Set(expect.flatMap(({ holds }) => [...holds.text.matchAll(/\.([A-Z]\w*)/g)].map(([, name = '']) => name)));
}

/** Who calls an operation by the contracts. */
function callerIn({ http }: Model): (operation: string) => string {
  return (operation) => {
    const [provider = '', id] = operation.split('.');
    const edges = http.filter(({ to }) => to === provider);
    return (edges.find(({ operations }) => operations.some((one) => one.id === id)) ?? edges[0])?.from ?? 'somebody';
  };
}
