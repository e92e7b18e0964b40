import { crashPoints } from '../faults/crash.js';
import type { ChangeStep, PlannedFault } from '../plan.js';
import { copiesOf, ownerOf, type Subject } from '../subject.js';
import { referredKey } from '../values.js';
import { referredBy } from './edges.js';
import type { Draw, PlanDraft, Scenario } from './scenario.js';

/** What an owner may tell of one entity, as the first letters of created, updated and deleted. */
const histories = ['cu', 'cd', 'cuu', 'cud', 'cdc'] as const;

const ops = { c: 'created', u: 'updated', d: 'deleted' } as const;

/** Where a consumer can die while it handles a message; without `exhaustive` those two between which everything is decided. */
const consumerPoints = crashPoints.slice(0, 5);
const decisivePoints = ['in-transaction', 'committed'] as const;

/** Every order, every duplicate and every death of a small history: where random search says "not found", this says "there is none up to this size". */
export const allOrders: Scenario = {
  id: 'all-orders',
  title: 'Every order of delivery, every duplicate and every crash of a short history.',
  after: ['converged', 'version-never-goes-back', 'deleted-stays-deleted', 'nothing-lost'],
  enumerates: true,
  targets(subject) {
    const copies = copiesOf(subject).filter(([, { entity }]) => ownerOf(subject, entity) !== undefined);
    if (copies.length === 0) return { none: 'the service keeps no copy of an entity that a service here owns' };
    return copies.map(([name, { entity }]) => ({ id: `copy:${entity}`, name }));
  },
  plan(target, draw) {
    const entity = target.id.slice('copy:'.length);
    const cases = casesFor(draw, entity);
    const one = cases[draw.index];
    return one && draftOf(draw, entity, one);
  },
};

interface Case {
  readonly history: string;
  /** Place in the order of delivery, by message. */
  readonly order: readonly number[];
  /** The message that comes once more at the end. */
  readonly again?: number;
  readonly crash?: { readonly message: number; readonly point: (typeof consumerPoints)[number] };
}

const known = new Map<string, readonly Case[]>();

function casesFor({ subject, exhaustive }: Draw, entity: string): readonly Case[] {
  const deletes = ownerOf(subject, entity)?.definition.deletes === true;
  const name = `${deletes}/${exhaustive}`;
  const cases = known.get(name) ?? [...enumerate(deletes, exhaustive)];
  known.set(name, cases);
  return cases;
}

function* enumerate(deletes: boolean, exhaustive: boolean): Iterable<Case> {
  const messagesMax = exhaustive ? 3 : 2;
  const points = exhaustive ? consumerPoints : decisivePoints;
  for (const history of histories) {
    if (history.length > messagesMax || (!deletes && history.includes('d'))) continue;
    const messages = [...history].map((_, index) => index);
    for (const order of permutations(messages)) {
      for (const again of [undefined, ...messages]) {
        const base = { history, order, ...(again !== undefined && { again }) };
        yield base;
        for (const message of messages) for (const point of points) yield { ...base, crash: { message, point } };
      }
    }
  }
}

/** Time that what is referred to has to arrive, ms. */
const referredMs = 40;

/** Creates everything that an entity refers to, and what that refers to, deepest first. */
function referredSteps(subject: Subject, entity: string, key: string, after: number): readonly ChangeStep[] {
  const created: ChangeStep[] = [];
  const add = (of: string, name: string): void => {
    for (const other of referredBy(subject, of)) {
      const otherKey = referredKey(name, other);
      add(other, otherKey);
      const id = `m${after + created.length + 1}`;
      created.push({ id, at: 0, do: 'change', entity: other, op: 'created', key: otherKey, value: 1 });
    }
  };
  add(entity, key);
  return created;
}

function* permutations(items: readonly number[]): Iterable<readonly number[]> {
  if (items.length === 0) yield [];
  for (const first of items) {
    for (const rest of permutations(items.filter((item) => item !== first))) yield [first, ...rest];
  }
}

function draftOf({ subject }: Draw, entity: string, one: Case): PlanDraft {
  const steps = [...one.history].map((letter, index): ChangeStep => {
    const op = ops[letter as keyof typeof ops];
    return { id: `m${index + 1}`, at: index * 5, do: 'change', entity, op, key: 'e1', value: index + 1 };
  });
  // What it refers to is there before: waiting is for other scenarios.
  const referred = referredSteps(subject, entity, 'e1', steps.length);
  const to = subject.name;
  const faults: PlannedFault[] = one.order.map((message, place) => ({
    ...{ fault: 'delay', step: `m${message + 1}`, to },
    // All are under way before the first arrives.
    byMs: 50 + place * 20 - message * 5,
  }));
  if (one.again !== undefined) {
    const first = faults.findIndex(({ step }) => step === `m${(one.again ?? 0) + 1}`);
    const byMs = Number(faults[first]?.['byMs'] ?? 0);
    faults[first] = { fault: 'duplicate', step: `m${one.again + 1}`, to, firstMs: byMs, afterMs: 150 - byMs };
  }
  if (one.crash !== undefined)
    faults.push({
      fault: 'crash',
      service: to,
      point: one.crash.point,
      step: `m${one.crash.message + 1}`,
      reviveMs: 5,
    });
  return { steps: [...referred, ...steps.map((step) => ({ ...step, at: step.at + referredMs }))], faults };
}
