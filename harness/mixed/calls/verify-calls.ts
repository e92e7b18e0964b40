import type { Run } from '../../history.js';
import type { Violation } from '../../invariants/invariant.js';
import type { Plan } from '../../plan.js';
import type { ScenarioResult } from '../../result.js';
import { shrink } from '../../shrink.js';
import { mixedBetween } from '../kept-mix.js';
import { mixedReport } from '../report.js';
import { otherVersion, type Revisions, type Version } from '../revisions.js';
import { safeOrder } from '../safe-order.js';
import { understanding } from '../understanding.js';
import type { CallEdge } from './edges.js';
import { brokenByItself, callViolations } from './judge.js';
import { callPlan } from './plan.js';
import { playCalls } from './play.js';

export interface VerifyCallsOptions {
  readonly seed: number;
  readonly runs: number;
  readonly keepPlans?: boolean | undefined;
}

interface Played {
  readonly run: Run;
  readonly violations: readonly Violation[];
}

interface Outcome {
  readonly client: Version;
  readonly schedules: number;
  readonly messages: number;
  readonly skipped?: string;
  readonly failure?: {
    readonly plan: Plan;
    readonly found: Plan;
    readonly run: Run;
    readonly violations: readonly [Violation, ...Violation[]];
    readonly tries: number;
  };
}

const shrinkTries = 40;

/** Calls between a client of one revision and a server of the other, both ways round. */
export async function verifyCalls(
  revisions: Revisions,
  edge: CallEdge,
  options: VerifyCallsOptions,
): Promise<readonly ScenarioResult[]> {
  const { seed, keepPlans } = options;
  const outcomes: Outcome[] = [];
  for (const client of ['old', 'new'] as const) outcomes.push(await playBoth(revisions, edge, client, options));
  const holds = (client: Version): boolean =>
    outcomes.every((one) => one.client !== client || one.failure === undefined);
  // While the client goes first, a new client meets an old server.
  const advice = safeOrder({ name: edge.from, first: holds('new') }, { name: edge.to, first: holds('old') });
  return outcomes.map(({ client, schedules, messages, skipped, failure }): ScenarioResult => {
    const target = `calls: ${client} ${edge.from} at ${otherVersion(client)} ${edge.to}`;
    const base = {
      ...{ scenario: 'mixed-versions', seed, schedules, messages, invariants: [understanding.id] },
      targets: [{ id: `calls:${edge.from}/${client}-client`, name: target, schedules }],
    };
    if (skipped !== undefined) return { ...base, invariants: [], status: 'skipped', reason: skipped };
    if (failure === undefined) return { ...base, status: 'passed' };
    const mixed = { ...mixedBetween(revisions), kind: 'calls', from: edge.from, client } as const;
    const broken = { ...failure, mixed, schedule: schedules, schedules };
    const name = `calls-of-${client}-${edge.from}`;
    const report = mixedReport(revisions, broken, { target, name, advice, keepPlans });
    const replay =
      report.file === undefined
        ? `npx seamwright verify --mixed-with ${revisions.asked} --service ${edge.to} --scenario mixed-versions --seed ${seed}`
        : `npx seamwright replay ${report.file}`;
    return { ...base, status: 'failed', reason: report.sentence, replay, failure: report };
  });
}

async function playBoth(
  revisions: Revisions,
  edge: CallEdge,
  client: Version,
  { seed, runs }: VerifyCallsOptions,
): Promise<Outcome> {
  if (edge.skip !== undefined) return { client, schedules: 0, messages: 0, skipped: edge.skip };
  const server = otherVersion(client);
  let messages = 0;
  for (let index = 0; index < runs; index++) {
    const plan = callPlan(revisions, edge, { client, index, seed });
    messages += plan.steps.length;
    const schedules = index + 1;
    const { run, violations } = await playMixedCalls(revisions, edge, client, plan);
    const [first, ...others] = violations;
    if (first === undefined) continue;
    const broken = new Set(violations.flatMap(({ at }) => at?.step ?? []));
    const own = await playCalls(revisions, { client: server, server }, plan);
    if (brokenByItself(revisions, { client, server }, own, broken)) {
      const skipped = `the ${server} ${edge.to} does not answer its own clients either: verify it first`;
      return { client, schedules, messages, skipped };
    }
    const { plan: smaller, ...rest } = await smallest(revisions, edge, client, plan);
    const failure = { plan: smaller, found: plan, run, violations: [first, ...others] as const, ...rest };
    return { client, schedules, messages, failure };
  }
  return { client, schedules: runs, messages };
}

async function smallest(revisions: Revisions, edge: CallEdge, client: Version, found: Plan) {
  const { plan, result, tries } = await shrink(found, shrinkTries, async (smaller) => {
    const { run, violations } = await playMixedCalls(revisions, edge, client, smaller);
    const [first, ...others] = violations;
    return first === undefined ? undefined : { run, violations: [first, ...others] as const };
  });
  return { plan, tries, ...result };
}

/** The plan between two revisions, judged by how it goes where both ends are of the client's. */
export async function playMixedCalls(
  revisions: Revisions,
  edge: CallEdge,
  client: Version,
  plan: Plan,
): Promise<Played> {
  const pair = { client, server: otherVersion(client) };
  const equal = await playCalls(revisions, { client, server: client }, plan);
  const mixed = await playCalls(revisions, pair, plan);
  return { run: mixed, violations: callViolations(revisions, edge, pair, { mixed, equal }) };
}
