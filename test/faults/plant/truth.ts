import type { WireMessage } from '../../../runtime/envelope.js';
import { encode } from '../../../runtime/wire.js';
import type { Chance } from '../../runtime/soak/chance.js';
import type { Entity } from '../../runtime/soak/system.js';
import type { ServiceName } from './definitions.js';
import type { Action } from './member.js';

/** What an owner is to do. */
export interface Turn {
  readonly service: ServiceName;
  readonly action: Action;
}

export interface TruthOptions {
  readonly companies?: number;
  readonly employees?: number;
  /** Share of the turns that are payments. Default 0.3. */
  readonly payments?: number;
}

/** Invents a history, and remembers what must be true at its end, provided that every turn is taken, one after the other per service. */
export class Truth {
  /** Live entities by `<entity> <id>`. */
  readonly live = new Map<string, Entity>();
  readonly payments = new Set<string>();
  /** Ids of messages that nobody can take, each with the reason that has to be written on it. */
  readonly poison = new Map<string, string>();
  readonly #chance: Chance;
  readonly #options: Required<TruthOptions>;
  readonly #told = new Set<string>();
  readonly #paid = new Set<string>();

  constructor(chance: Chance, options: TruthOptions = {}) {
    this.#chance = chance;
    this.#options = { companies: 12, employees: 40, payments: 0.3, ...options };
  }

  turns(count: number): readonly Turn[] {
    return Array.from({ length: count }, () => this.#turn()).flat();
  }

  /** What is still needed so that nothing waits for ever for want of what it refers to. */
  completing(): readonly Turn[] {
    const employees = [...this.#paid].flatMap((id) => this.#complete('Employee', id));
    const parents = new Set([...this.live.values()].map(({ parent }) => parent).filter((parent) => parent !== ''));
    return [...employees, ...[...parents].flatMap((id) => this.#complete('Company', id))];
  }

  /** One that no consumer can read, or that breaks its contract. */
  nextPoison(): WireMessage {
    const id = `poison-${this.poison.size}`;
    const facts = { id, source: 'x', type: 'Paid', time: '2026-01-01T00:00:00Z', correlationid: 'x' };
    const message = encode({ ...facts, data: 7 });
    const torn = this.#chance.happens(0.5);
    this.poison.set(id, torn ? 'undecodable' : 'schema-invalid');
    return torn ? { ...message, body: new TextEncoder().encode('{"payment":') } : message;
  }

  save(entity: 'Company' | 'Employee', state: Entity): Turn {
    const key = `${entity} ${state.id}`;
    this.live.set(key, state);
    this.#told.add(key);
    return { service: ownerOf(entity), action: { do: 'save', entity, state } };
  }

  pay(employee: string): Turn {
    const payment = `p${this.payments.size}`;
    this.payments.add(payment);
    this.#paid.add(employee);
    return { service: 'b', action: { do: 'pay', message: { payment, employee } } };
  }

  #turn(): readonly Turn[] {
    const chance = this.#chance;
    const roll = chance.next();
    if (roll < this.#options.payments) {
      const turn = this.pay(this.#employee());
      // Sometimes told in two messages.
      return chance.happens(0.25) ? [turn, turn] : [turn];
    }
    if (chance.happens(0.05)) return this.#again();
    return [
      chance.happens(0.4) ? this.#change('Company', this.#company()) : this.#change('Employee', this.#employee()),
    ];
  }

  #change(entity: 'Company' | 'Employee', id: string): Turn {
    const chance = this.#chance;
    const key = `${entity} ${id}`;
    if (this.live.has(key) && chance.happens(0.35)) {
      this.live.delete(key);
      return { service: ownerOf(entity), action: { do: 'delete', entity, id } };
    }
    const parent = entity === 'Employee' && chance.happens(0.8) ? this.#company() : '';
    return this.save(entity, { id, name: `name ${chance.integer(1e9)}`, parent, active: chance.happens(0.85) });
  }

  /** The present state told again, by the owner or because a follower asks for it. */
  #again(): readonly Turn[] {
    const told = [...this.#told];
    if (told.length === 0) return [];
    const [entity, id] = this.#chance.one(told).split(' ') as ['Company' | 'Employee', string];
    if (entity === 'Company' && this.#chance.happens(0.5))
      return [{ service: 'b', action: { do: 'request', entity, id } }];
    return [{ service: ownerOf(entity), action: { do: 'force', entity, id } }];
  }

  #complete(entity: 'Company' | 'Employee', id: string): readonly Turn[] {
    const known = this.live.get(`${entity} ${id}`);
    if (known?.active === true) return [];
    return [this.save(entity, { ...(known ?? { id, name: 'at last', parent: '' }), active: true })];
  }

  #company(): string {
    return `c${this.#chance.integer(this.#options.companies)}`;
  }

  #employee(): string {
    return `e${this.#chance.integer(this.#options.employees)}`;
  }
}

function ownerOf(entity: 'Company' | 'Employee'): ServiceName {
  return entity === 'Company' ? 'a' : 'b';
}
