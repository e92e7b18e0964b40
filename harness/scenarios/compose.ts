import type { Subject } from '../subject.js';
import type { Edge } from './edges.js';
import type { Draw, PlanDraft, Scenario, Target } from './scenario.js';
import { Story } from './story.js';
import { trouble } from './trouble.js';

/** What one scenario says of itself; plans follow from it. */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly after: readonly string[];
  edges(subject: Subject): readonly Edge[] | { readonly none: string };
  /** The scenario at its smallest: one plan each, the simplest first. They are read by people, so each hop takes 1 ms. */
  readonly simple: readonly ((story: Story) => void)[];
  /** The same trouble amid other messages. Default: the smallest one, at random, behind a workload. */
  random?(story: Story): void;
}

/** A scenario: the small plans of the outline, then random ones without end, with other trouble beside its own. */
export function scenario({ edges, simple, random, ...facts }: Outline): Scenario {
  return {
    ...facts,
    targets: edges,
    plan(target, draw) {
      const edge = edgeOf(edges(draw.subject), target);
      if (edge === undefined) return undefined;
      const story = new Story(edge, draw.subject, draw.random);
      const small = simple[draw.index];
      if (small !== undefined) {
        small(story);
        return story.draft(0);
      }
      return amid(story, draw, random ?? ((one) => draw.random.pick(simple)?.(one)));
    },
  };
}

function amid(story: Story, { random }: Draw, own: (story: Story) => void): PlanDraft {
  story.workload(random.between(0, 3));
  own(story);
  story.workload(random.between(0, 3));
  const count = random.pick([0, 0, 1, 1, 2, 3]) ?? 0;
  for (let index = 0; index < count; index++) trouble(story);
  return story.draft(random.chance(0.2) ? 0 : random.between(1, 1_000_000));
}

function edgeOf(edges: readonly Edge[] | { readonly none: string }, target: Target): Edge | undefined {
  return 'none' in edges ? undefined : edges.find(({ id }) => id === target.id);
}
