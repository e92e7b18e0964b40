import { beforeAll, describe, expect, it } from 'vitest';
import type { Happening, Run, Seen } from '../../../harness/history.js';
import { bulkheadHolds } from '../../../harness/invariants/bulkhead-holds.js';
import { callsHaveDeadlines } from '../../../harness/invariants/calls-have-deadlines.js';
import { effectOncePerCall } from '../../../harness/invariants/effect-once-per-call.js';
import { flagOffMeansOff } from '../../../harness/invariants/flag-off-means-off.js';
import type { Invariant } from '../../../harness/invariants/invariant.js';
import { readsOwnWrites } from '../../../harness/invariants/reads-own-writes.js';
import { retriesWithinBudget } from '../../../harness/invariants/retries-within-budget.js';
import { retryAfterHeeded } from '../../../harness/invariants/retry-after-heeded.js';
import type { PlannedFault, Step } from '../../../harness/plan.js';
import type { Subject } from '../../../harness/subject.js';
import { callOf, planFor, subjectIn } from './play.js';

let mesh: Subject;
let auth: Subject;
let postgres: Subject;

beforeAll(async () => {
  mesh = await subjectIn('mesh', 'service-a');
  auth = await subjectIn('tools-dashboard', 'back-auth');
  postgres = await subjectIn('tools-dashboard', 'back-postgres');
});

type At = { readonly at: number; readonly service: string; readonly step?: string; readonly within?: number };

interface Exchange {
  readonly operation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly method?: string;
  readonly at?: number;
  readonly tookMs?: number;
  readonly status?: number;
  readonly error?: string;
  readonly effect?: boolean;
  readonly retryAfterMs?: number;
  readonly step?: string;
  readonly within?: number;
}

/** One try on the wire, from its start to its end. */
function exchange(call: number, given: Exchange): readonly Happening[] {
  const { from = 'service-a', to = 'service-b', operation = 'getItem', method = 'GET', at = 0, tookMs = 2 } = given;
  const { status, error, effect, retryAfterMs, step = 'm1', within } = given;
  const tried = { call, operation: `${to}.${operation}`, method, path: '/', asks: 'same' };
  const place = (service: string, when: number): At => ({
    ...{ at: when, service, step },
    ...(within !== undefined && { within }),
  });
  const seen = (service: string, when: number, one: Seen): Happening => ({ ...place(service, when), ...one });
  return [
    seen(from, at, { kind: 'calling', ...tried }),
    ...(status === undefined && effect === undefined
      ? []
      : [
          seen(to, at + 1, {
            ...{ kind: 'served', call, operation: tried.operation, status: status ?? 200 },
            ...(effect !== undefined && { effect }),
          }),
        ]),
    seen(from, at + tookMs, {
      ...{ kind: 'called', ...tried, tookMs },
      ...(error === undefined ? { status: status ?? 200 } : { error }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }),
  ];
}

function runOf(
  subject: Subject,
  happenings: readonly Happening[],
  more: { readonly steps?: readonly Step[]; readonly faults?: readonly PlannedFault[] } = {},
): Run {
  const end = { copies: [], parked: [], outbox: 0, metrics: new Map<string, number>() };
  return {
    plan: planFor(subject, { steps: more.steps ?? [], faults: more.faults ?? [] }),
    happenings: [...happenings].sort((a, b) => a.at - b.at),
    end: { services: new Map([[subject.name, end]]), queues: new Map(), deadLetters: [] },
    tookMs: 0,
    trace: '',
  };
}

function sentences(invariant: Invariant, run: Run, subject: Subject): readonly string[] {
  return [...invariant.check(run, subject)].map(({ sentence }) => sentence);
}

describe('promises about calls', () => {
  it('counts the tries that a policy allows, and no more', () => {
    const tries = (count: number) =>
      Array.from({ length: count }, (_, index) => exchange(index + 1, { at: index * 10, status: 503 })).flat();
    expect(sentences(retriesWithinBudget, runOf(mesh, tries(3)), mesh)).toEqual([]);
    expect(sentences(retriesWithinBudget, runOf(mesh, tries(4)), mesh)).toEqual([
      'service-b.getItem was tried more often than its policy allows.',
    ]);
  });

  it('takes a call after a success for another call', () => {
    const calls = [1, 2, 3, 4].flatMap((call) => exchange(call, { at: call * 10, status: 200 }));
    expect(sentences(retriesWithinBudget, runOf(mesh, calls), mesh)).toEqual([]);
  });

  it('knows when a call is too long, and when it never ends', () => {
    const inTime = exchange(1, { tookMs: 300, error: 'HttpTimeoutError' });
    const late = exchange(1, { tookMs: 400, status: 200 });
    expect(sentences(callsHaveDeadlines, runOf(mesh, inTime), mesh)).toEqual([]);
    expect(sentences(callsHaveDeadlines, runOf(mesh, late), mesh)).toEqual([
      'A call of service-b.getItem took longer than its policy allows.',
    ]);
    expect(sentences(callsHaveDeadlines, runOf(mesh, late.slice(0, 1)), mesh)).toEqual([
      'A call of service-b.getItem was never ended.',
    ]);
  });

  it('lets a POST take effect once, however often it is tried', () => {
    const lost = exchange(1, { method: 'POST', effect: true, error: 'TypeError: fetch failed' });
    const again = (effect: boolean) => exchange(2, { method: 'POST', at: 20, effect, status: 200 });
    expect(sentences(effectOncePerCall, runOf(mesh, [...lost, ...again(false)]), mesh)).toEqual([]);
    expect(sentences(effectOncePerCall, runOf(mesh, [...lost, ...again(true)]), mesh)).toEqual([
      'service-b.getItem took effect twice for one request.',
    ]);
  });

  it('waits as long as a provider asks for', () => {
    const first = exchange(1, { status: 503, retryAfterMs: 1_000 });
    const second = (at: number) => exchange(2, { at, status: 200 });
    expect(sentences(retryAfterHeeded, runOf(mesh, [...first, ...second(1_002)]), mesh)).toEqual([]);
    expect(sentences(retryAfterHeeded, runOf(mesh, [...first, ...second(900)]), mesh)).toEqual([
      'service-b.getItem was tried again sooner than its provider asked for.',
    ]);
  });

  it('holds as many calls at once as a bulkhead has places', () => {
    const crowd = (count: number) =>
      Array.from({ length: count }, (_, index) => exchange(index + 1, { step: `m${index}`, tookMs: 50 })).flat();
    expect(sentences(bulkheadHolds, runOf(mesh, crowd(10)), mesh)).toEqual([]);
    expect(sentences(bulkheadHolds, runOf(mesh, crowd(11)), mesh)).toEqual([
      'More calls of service-b.getItem were under way at once than its bulkhead allows.',
    ]);
  });

  it('has nothing of a feature there while it is switched off', () => {
    const faults = [{ fault: 'flag-off', flag: 'github-auth', atMs: 0, forMs: 100 }];
    const asked = (at: number, status: number) =>
      exchange(1, { from: 'front-public', to: 'back-auth', operation: 'startGithubSignIn', at, status });
    expect(sentences(flagOffMeansOff, runOf(auth, asked(10, 404), { faults }), auth)).toEqual([]);
    expect(sentences(flagOffMeansOff, runOf(auth, asked(200, 302), { faults }), auth)).toEqual([]);
    expect(sentences(flagOffMeansOff, runOf(auth, asked(10, 302), { faults }), auth)).toEqual([
      'back-auth.startGithubSignIn was there although its feature was switched off.',
    ]);
  });

  it('finds at once what was made', () => {
    const steps = [
      callOf('m1', 0, 'back-postgres.createUser', 'back-api'),
      callOf('m2', 10, 'back-postgres.getStoredUser', 'back-api', { take: { 'path.id': { of: 'm1', at: 'id' } } }),
    ];
    const on = { from: 'back-api', to: 'back-postgres' };
    const made = exchange(1, { ...on, method: 'POST', operation: 'createUser', status: 201, step: 'm1' });
    const read = (status: number) => exchange(2, { ...on, operation: 'getStoredUser', at: 10, status, step: 'm2' });
    expect(sentences(readsOwnWrites, runOf(postgres, [...made, ...read(200)], { steps }), postgres)).toEqual([]);
    expect(sentences(readsOwnWrites, runOf(postgres, [...made, ...read(404)], { steps }), postgres)).toEqual([
      'back-postgres.getStoredUser did not find what back-postgres.createUser had made before.',
    ]);
  });
});
