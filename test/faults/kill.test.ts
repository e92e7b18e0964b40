import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../conformance/at-hand.js';
import { type CampaignOptions, campaign, type Outcome } from './plant/campaign.js';
import type { MutantName } from './plant/mutants.js';
import { openPlant, type Plant } from './plant/plant.js';
import { bundledWorkers, type Workers } from './plant/processes.js';
import { rabbitmqAndPostgres, type Servers, startServers } from './plant/servers.js';

const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20_261_120);

/** Histories in which a mutant may be found out; each has a broker and a database of its own. */
const historiesMax = 3;

/** `npm run faults` dies at every step, two hundred times and more; among all other tests a third of the steps has to do. */
const full = process.env.SEAMWRIGHT_FAULTS === 'full';

function chosen(steps: readonly string[]): readonly string[] {
  return full ? steps : steps.filter((_, index) => index % 3 === 0);
}

/** Before and after each of them. */
function around(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`before ${name}`, `after ${name}`]);
}

const transaction = around('begin', 'commit');
const relaying = around('tx.takeOutbox', 'publish', 'tx.removeOutbox', 'tx.outboxBacklog');
const owning = around('tx.owned', 'tx.advanceOwned', 'tx.appendOutbox', 'tx.markPublished');
const consumerSteps = chosen([
  ...['before delivery', ...around('ack', 'retry', 'deadLetter')],
  ...transaction,
  ...around('tx.lock', 'tx.peekReplica', 'tx.replicaPresence', 'tx.putReplica', 'tx.releaseParked', 'tx.claim'),
  ...around('tx.park', 'tx.countParked', 'tx.takeParked', 'tx.removeParked', 'tx.listParked'),
  ...owning,
  ...relaying,
]);
const ownerSteps = chosen([...transaction, ...owning, ...relaying, ...around('alone.putReplica', 'ack')]);

describeWith('processes that are killed', rabbitmqAndPostgres, () => {
  let servers: Servers;
  let workers: Workers;
  beforeAll(async () => {
    [servers, workers] = await Promise.all([startServers(2 + 5 * historiesMax), bundledWorkers()]);
  });
  afterAll(async () => {
    await workers?.dispose();
    await servers?.dispose();
  });

  async function play(options: Omit<CampaignOptions, 'seed'>, from = seed): Promise<Outcome> {
    const plant: Plant = await openPlant({ broker: servers.freshBroker(), database: servers.postgres.url });
    try {
      return await campaign(plant, workers, { seed: from, ...options });
    } finally {
      await plant.close();
    }
  }

  it('a consumer may die between any two steps', async () => {
    const { wrong, deaths, hits } = await play({
      processes: { a: 1, b: 1, c: 4 },
      ...{ mortal: ['c'], steps: consumerSteps, deaths: full ? 200 : 20 },
    });
    console.log(table(hits));
    expect(wrong, `seed ${seed}`).toEqual([]);
    expect(deaths).toBeGreaterThanOrEqual(full ? 200 : 20);
    expect(missed(consumerSteps, hits), 'steps at which nobody died').toEqual([]);
  }, 600_000);

  it('an owner and its relay may die between any two steps', async () => {
    const { wrong, hits } = await play({
      processes: { a: 1, b: 2, c: 1 },
      ...{ mortal: ['a', 'b'], steps: ownerSteps, deaths: full ? 60 : 10 },
    });
    console.log(table(hits));
    expect(wrong, `seed ${seed}`).toEqual([]);
    expect(missed(ownerSteps, hits), 'steps at which nobody died').toEqual([]);
  });

  /** Where a mutant has to die to show what it is, and what is then wrong. */
  it.each<[MutantName, readonly string[], 'c' | 'b', RegExp]>([
    ['acknowledges before the commit', ['before commit'], 'c', /^(effect|copy)/],
    ['claims in a transaction of its own', ['before tx.appendOutbox'], 'c', /^claim/],
    ['claims nothing', ['before ack'], 'c', /^effect .* happened ([2-9]|\d\d) times/],
    ['removes from the outbox before the broker has confirmed', ['before publish'], 'b', /^(copy|version|effect)/],
    ['parks after the acknowledgement', ['before tx.park'], 'c', /^(copy|version|effect)/],
  ])('one that %s is found out', async (mutant, steps, mortal, caught) => {
    const shown = new RegExp(caught.source, 'm');
    let found = '';
    // What a death breaks depends on which message it meets; a history in which none met the right one says nothing.
    for (let history = 0; history < historiesMax && !shown.test(found); history++) {
      const { wrong } = await play(
        {
          processes: { a: 1, b: 1, c: 1 },
          ...{ mortal: [mortal], steps, deaths: 8, mutant, patienceMs: 5_000 },
        },
        seed + history,
      );
      found = wrong.join('\n');
    }
    expect(found).toMatch(shown);
  });
});

/** A short run ends before the rare steps have had their turn. */
function missed(steps: readonly string[], hits: ReadonlyMap<string, number>): readonly string[] {
  return full ? steps.filter((step) => !hits.has(step)) : [];
}

function table(hits: ReadonlyMap<string, number>): string {
  const lines = [...hits].sort(([, one], [, other]) => other - one).map(([step, count]) => `${count} ${step}`);
  return `deaths at each step: ${lines.join(', ')}`;
}
