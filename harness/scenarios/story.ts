import type { RandomStream } from '../../generator/schema/random.js';
import type { PlannedFault, Step } from '../plan.js';
import type { Subject } from '../subject.js';
import { referredKey } from '../values.js';
import { type Edge, referredBy } from './edges.js';
import type { PlanDraft } from './scenario.js';

export type Op = 'created' | 'updated' | 'deleted';

/** A step without what the story decides: its id and its instant. */
type NewStep = Step extends infer One ? (One extends Step ? Omit<One, 'id' | 'at'> : never) : never;

/** Writes a plan: what happens one after the other on one edge, and what goes wrong with it. Everything random comes from `random`. */
export class Story {
  readonly edge: Edge;
  readonly subject: Subject;
  readonly random: RandomStream;
  readonly #steps: Step[] = [];
  readonly #faults: PlannedFault[] = [];
  readonly #state = new Map<string, 'live' | 'deleted'>();
  readonly #told: string[] = [];
  #nowMs = 0;
  #values = 0;
  #restMs: number | undefined;
  #everybody = false;

  constructor(edge: Edge, subject: Subject, random: RandomStream) {
    this.edge = edge;
    this.subject = subject;
    this.random = random;
  }

  /** Service that takes the messages of the edge: the one under test, or its follower. */
  get to(): string {
    return this.edge.to ?? this.subject.name;
  }

  get from(): string {
    return this.edge.source.service;
  }

  /** Steps of the edge itself, in their order. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** Instant of the last step, in ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Lets time pass before the next step. */
  pause(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  /** The next step comes at the same instant as the last one. */
  atOnce(): this {
    this.#nowMs = this.#steps.at(-1)?.at ?? this.#nowMs;
    return this;
  }

  step(step: NewStep): string {
    const id = `m${this.#steps.length + 1}`;
    this.#steps.push({ ...step, id, at: this.#nowMs } as Step);
    this.#nowMs += 5;
    return id;
  }

  fault(fault: PlannedFault): this {
    this.#faults.push(fault);
    return this;
  }

  /** How long the system gets to come to rest; for plans in which something waits for ever. */
  rest(ms: number): this {
    this.#restMs = ms;
    return this;
  }

  /** All who follow what the service owns take part. Default: the one at the edge alone. */
  everybody(): this {
    this.#everybody = true;
    return this;
  }

  /** Tells one message of the edge about `key`, whatever is legal next when `op` is left out. Its references are created first, unless they are there. */
  tell(key = 'e1', op?: Op, set?: Readonly<Record<string, unknown>>): string {
    const fresh = this.#fresh(key);
    this.refer(fresh);
    return this.tellAlone(fresh, op, set);
  }

  /** The same without its references. */
  tellAlone(key = 'e1', op?: Op, set?: Readonly<Record<string, unknown>>): string {
    const { source, waits } = this.edge;
    this.#values += 1;
    const extra = set !== undefined && { set };
    const id =
      source.kind === 'entity'
        ? this.change(source.entity, key, op ?? this.nextOp(key), extra || {})
        : this.step({
            do: 'publish',
            service: source.service,
            event: source.event,
            value: this.#values,
            refers: Object.fromEntries(waits.map(({ entity }) => [entity, referredKey(key, entity)])),
            ...extra,
          });
    this.#told.push(id);
    return id;
  }

  /** The owner tells the present state of `key` again. */
  force(key = 'e1'): string {
    const { source } = this.edge;
    return source.kind === 'entity' ? this.step({ do: 'force', entity: source.entity, key }) : this.tell(key);
  }

  /** The service under test reads the owner's list. */
  fullSync(pageMs?: number): string {
    const { source } = this.edge;
    const entity = source.kind === 'entity' ? source.entity : '';
    return this.step({ do: 'full-sync', entity, ...(pageMs !== undefined && { pageMs }) });
  }

  /** The owner changes `key` and tells nobody. */
  changeSilently(key = 'e1', op?: Op): string {
    const { source } = this.edge;
    const fresh = this.#fresh(key);
    return source.kind === 'entity'
      ? this.change(source.entity, fresh, op ?? this.nextOp(fresh), { silent: true })
      : this.tell(key);
  }

  change(
    entity: string,
    key: string,
    op: Op,
    more: { readonly set?: Readonly<Record<string, unknown>>; readonly silent?: boolean } = {},
  ): string {
    this.#values += 1;
    this.#state.set(`${entity}/${key}`, op === 'deleted' ? 'deleted' : 'live');
    return this.step({ do: 'change', entity, op, key, value: this.#values, ...more });
  }

  /** What may become of an entity next; always told in a way that its owner accepts. */
  nextOp(key: string): Op {
    const { source } = this.edge;
    if (source.kind !== 'entity' || this.stateOf(source.entity, key) !== 'live') return 'created';
    return source.deletes && this.random.chance(0.25) ? 'deleted' : 'updated';
  }

  stateOf(entity: string, key: string): 'live' | 'deleted' | undefined {
    return this.#state.get(`${entity}/${key}`);
  }

  /** Creates what messages about `key` refer to. */
  refer(key: string): this {
    for (const entity of this.references()) this.#exist(entity, referredKey(key, entity));
    return this;
  }

  /** Another entity where one is told only once. */
  #fresh(key: string): string {
    const { source } = this.edge;
    const taken = source.kind === 'entity' && !source.changes && this.stateOf(source.entity, key) !== undefined;
    return taken ? `${key}n${this.#values}` : key;
  }

  /** Entities that the messages of the edge refer to and wait for. */
  references(): readonly string[] {
    const { source, waits } = this.edge;
    if (source.kind === 'entity') return referredBy(this.subject, source.entity);
    return [...new Set(waits.map(({ entity }) => entity))];
  }

  #exist(entity: string, key: string): void {
    if (this.stateOf(entity, key) !== undefined) return;
    for (const other of referredBy(this.subject, entity)) this.#exist(other, referredKey(key, other));
    this.change(entity, key, 'created');
  }

  /** Messages about one to three entities, in bursts. */
  workload(count: number): this {
    const { source } = this.edge;
    const again = source.kind === 'entity' && source.changes;
    const keys = this.random.between(1, 3);
    for (let index = 0; index < count; index++) {
      this.tell(again ? `e${this.random.between(1, keys)}` : `n${this.#told.length + 1}`);
      this.pause(this.random.pick([0, 0, 0, 10, 40]) ?? 0);
    }
    return this;
  }

  /** One of the edge's messages. */
  any(): string {
    return this.random.pick(this.#told) ?? this.tell();
  }

  draft(jitter: number): PlanDraft {
    return {
      steps: this.#steps,
      faults: this.#faults,
      jitter,
      ...(!this.#everybody && { followers: this.edge.to === undefined ? [] : [this.edge.to] }),
      ...(this.#restMs !== undefined && { restMs: this.#restMs }),
    };
  }
}
