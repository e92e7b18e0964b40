import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../generator/compat/judgement.js';
import { layersOf } from '../../generator/compat/order/layers.js';
import { type DeployOrder, deployOrder } from '../../generator/compat/order.js';
import { judgement } from './judgements.js';

const readerFirst = judgement({ order: 'reader-first', writers: ['people'], readers: ['surveys', 'insights'] });
const services = ({ tiers }: DeployOrder): readonly (readonly string[])[] => tiers.map((tier) => tier.services);

describe('one order for all changes', () => {
  it('puts readers first, and says where there is no way back', () => {
    const order = deployOrder([readerFirst]);
    expect(services(order)).toEqual([['insights', 'surveys'], ['people']]);
    expect(order.tiers[0]).toMatchObject({
      tier: 1,
      release: 1,
      why: 'Read the new form of ProductChanged before it is written by people.',
    });
    expect(order.tiers[0]?.pointOfNoReturn).toBeUndefined();
    expect(order.tiers[1]?.pointOfNoReturn).toContain('do not roll back insights, surveys');
    expect(order.rollback.map((tier) => tier.services)).toEqual([['people'], ['insights', 'surveys']]);
    expect(order.rollback[1]?.why).toContain('drained from outboxes, queues and dead letters');
    expect(order.splits).toEqual([]);
  });

  it('puts writers first, and lets the old form be drained when stored messages cannot be read', () => {
    const change = judgement({ order: 'writer-first', writers: ['people'], readers: ['surveys'], breaksStored: true });
    const order = deployOrder([change]);
    expect(services(order)).toEqual([['people'], ['surveys']]);
    expect(order.tiers[1]?.why).toContain('Drain the old form');
    expect(deployOrder([{ ...change, breaksStored: false }]).tiers[1]?.why).not.toContain('Drain');
  });

  it('joins the constraints of several changes', () => {
    const order = deployOrder([
      readerFirst,
      judgement({ subject: 'operation:people.get', order: 'reader-first', writers: ['surveys'], readers: ['stock'] }),
    ]);
    expect(services(order)).toEqual([['insights', 'stock'], ['surveys'], ['people']]);
  });

  it('splits what contradicts itself into two releases', () => {
    const back = judgement({
      subject: 'message:Hired',
      order: 'writer-first',
      writers: ['people'],
      readers: ['surveys'],
    });
    const order = deployOrder([readerFirst, back]);
    expect(order.splits).toMatchObject([{ subject: 'message:Hired' }]);
    expect(order.tiers.map(({ release, services: names }) => [release, ...names])).toEqual([
      [1, 'insights', 'surveys'],
      [1, 'people'],
      [2, 'people'],
      [2, 'surveys'],
    ]);
    expect(order.tiers.map(({ tier }) => tier)).toEqual([1, 2, 3, 4]);
  });

  it('expands and contracts what no order makes safe', () => {
    const order = deployOrder([judgement({ order: 'never', writers: ['people'], readers: ['surveys'] })]);
    expect(order.tiers.map(({ release, services: [name] }) => [release, name])).toEqual([
      [1, 'surveys'],
      [1, 'people'],
      [2, 'people'],
      [2, 'surveys'],
    ]);
    expect(order.tiers.map(({ pointOfNoReturn }) => pointOfNoReturn !== undefined)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(order.splits[0]?.expand).toHaveLength(3);
  });

  it('orders nothing when any order will do, when one service is on both sides, and for what others deploy', () => {
    expect(deployOrder([judgement({ writers: ['a'], readers: ['b'] })]).tiers).toEqual([]);
    expect(deployOrder([judgement({ order: 'reader-first', writers: ['a'], readers: ['a'] })]).tiers).toEqual([]);
    expect(deployOrder([readerFirst], (name) => name !== 'people').tiers).toEqual([]);
  });

  it('asks for two releases when one change alone goes round in a circle', () => {
    const order = deployOrder([judgement({ order: 'reader-first', writers: ['a', 'b'], readers: ['a', 'b'] })]);
    expect(order.splits).toHaveLength(1);
    expect(order.tiers).toEqual([]);
  });
});

describe('for any changes', () => {
  const names = fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1, maxLength: 3 });
  const change = fc
    .record({
      order: fc.constantFrom<Judgement['order']>('any', 'reader-first', 'writer-first', 'never'),
      writers: names,
      readers: names,
      subject: fc.constantFrom('message:A', 'message:B', 'message:C'),
    })
    .map((said) => judgement(said));

  it('every change is kept in one of the releases, or is named as a split', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const order = deployOrder(changes);
        const place = (service: string, release: number): number =>
          order.tiers.findIndex((tier) => tier.release === release && tier.services.includes(service));
        const releases = [...new Set(order.tiers.map(({ release }) => release))];
        for (const { order: wanted, readers, writers, subject, rule } of changes) {
          if (wanted === 'any') continue;
          const [firsts, seconds] = wanted === 'writer-first' ? [writers, readers] : [readers, writers];
          const kept = (release: number): boolean =>
            firsts.every((first) =>
              seconds.every(
                (second) =>
                  first === second || (place(first, release) >= 0 && place(first, release) < place(second, release)),
              ),
            );
          const trivial = firsts.every((first) => seconds.every((second) => first === second));
          const split = order.splits.some((each) => each.subject === subject && each.rule === rule);
          expect(trivial || split || releases.some(kept)).toBe(true);
          if (wanted === 'never') expect(split).toBe(true);
        }
        expect(order.rollback.map((tier) => tier.services)).toEqual([...services(order)].reverse());
      }),
    );
  });

  it('layers hold every edge, and there are none exactly when there is a circle', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 8 }), (edges) => {
        const layers = layersOf(edges);
        const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
          edges.some(([a, b]) => {
            if (a !== from || seen.has(b)) return false;
            seen.add(b);
            return b === to || reaches(b, to, seen);
          });
        const circle = ['a', 'b', 'c', 'd'].some((each) => reaches(each, each));
        expect(layers === undefined).toBe(circle);
        const at = (name: string): number => (layers ?? []).findIndex((layer) => layer.includes(name));
        if (layers !== undefined) for (const [first, second] of edges) expect(at(first)).toBeLessThan(at(second));
      }),
    );
  });
});
