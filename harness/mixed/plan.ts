import { randomStream } from '../../generator/schema/random.js';
import { composeBody } from '../../runtime/envelope-mapping.js';
import { isValid } from '../invariants/messages.js';
import { type Plan, startMs, uuidOf } from '../plan.js';
import { Story } from '../scenarios/story.js';
import { Cast } from './cast.js';
import type { MixedEdge } from './edges.js';
import type { Deploy, Order, Start } from './orders.js';
import { otherVersion, type Revisions, type Version } from './revisions.js';

/** A plan, and which revision runs when. */
export interface MixedPlan {
  readonly plan: Plan;
  readonly start: Start;
  readonly deploys: readonly Deploy[];
  /** Steps whose messages go over the edge. */
  readonly told: readonly string[];
}

/** Schedule number `index` of an order on an edge; 0 is the simplest. The same arguments give the same plan. */
export function mixedPlan(
  revisions: Revisions,
  edge: MixedEdge,
  order: Order,
  { index, seed }: { readonly index: number; readonly seed: number },
): MixedPlan {
  const { start } = order;
  const { subject } = new Cast(revisions, edge, start);
  const random = randomStream(seedOf(`${seed}/${order.id}/${edge.to}/${edge.new.id}/${index}`));
  const story = new Story(edge[start.to], subject, random);
  const deploys = order.write(story, () => messages(story, index));
  const { steps, faults } = story.draft(0);
  const seeds = { old: notableSeeds(revisions, edge, 'old'), new: notableSeeds(revisions, edge, 'new') };
  // Equal values of a fact have equal ids: the second of them would count as a repetition.
  const used = new Set<number>();
  const valued = steps.map((step) => {
    if (!('value' in step) || !story.told.includes(step.id)) return step;
    const change = deploys.findLast(({ end, at }) => end === 'from' && at <= step.at);
    const notable = index > 0 && random.chance(0.5) ? [] : seeds[change?.version ?? start.from];
    const value = [...notable, step.value].find((one) => !used.has(one)) ?? freshFrom + used.size;
    used.add(value);
    return { ...step, value };
  });
  return {
    ...{ start, deploys, told: [...story.told] },
    plan: {
      ...{ seamwright: 1, system: subject.system, service: edge.to, scenario: order.scenario, level: 'sim', seed },
      jitter: index === 0 ? 0 : random.between(1, 1_000_000),
      steps: valued,
      faults,
    },
  };
}

/** A few messages: one that is overtaken, one that comes twice, later also random ones. */
function messages(story: Story, index: number): void {
  const { random, to } = story;
  const first = story.tell('e1');
  const second = story.tell('e1', story.nextOp('e1') === 'created' ? 'created' : 'updated');
  if (index === 0) return;
  story.fault({ fault: 'delay', step: first, to, byMs: random.between(10, 60) });
  story.fault({ fault: 'duplicate', step: second, to, afterMs: random.between(0, 40) });
  if (index > 1) story.workload(random.between(1, 3));
}

const seedsTried = 60;
const seedsKept = 12;
/** Above all seeds that are tried or that a story gives. */
const freshFrom = 1_000;

/** Seeds of values with which a revision says what the other one would refuse: what is worth telling. Empty when there are none. */
function notableSeeds(revisions: Revisions, edge: MixedEdge, version: Version): readonly number[] {
  const reader = edge[otherVersion(version)].consumer?.message;
  const say = sayingOf(revisions, edge, version);
  if (reader === undefined || say === undefined) return [];
  const found: number[] = [];
  for (let seed = 1; seed <= seedsTried && found.length < seedsKept; seed++) {
    if (!isValid(reader, say(seed))) found.push(seed);
  }
  return found;
}

/** The body that a revision of the writer makes of a seed. */
function sayingOf(revisions: Revisions, edge: MixedEdge, version: Version): ((seed: number) => unknown) | undefined {
  const { source, message } = edge[version];
  const { values, services } = revisions[version].subject(edge.to);
  if (source.kind === 'event') return (seed) => values.payload(message, seed);
  const owned = services.get(source.service)?.definition.owned[source.entity];
  if (owned === undefined) return undefined;
  const time = new Date(startMs).toISOString();
  return (seed) =>
    composeBody(owned.message.envelope, values.state(source.entity, 'e1', seed), {
      ...{ id: uuidOf('e1'), time, op: 'updated', force: false },
    });
}

function seedOf(text: string): number {
  return Number.parseInt(uuidOf(text).slice(0, 8), 16);
}
