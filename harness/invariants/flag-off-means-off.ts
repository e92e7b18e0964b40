import { requestsOf } from './expected-calls.js';
import type { Invariant } from './invariant.js';

/** While a feature is switched off its operations answer as the contract says, and nothing else happens. */
export const flagOffMeansOff: Invariant = {
  id: 'flag-off-means-off',
  promise: 'While a feature is switched off, its operations answer with the status of its contract and do nothing.',
  *check(run, subject) {
    const off = run.plan.faults.filter(({ fault }) => fault === 'flag-off');
    if (off.length === 0) return;
    const healedAt = run.happenings.find(({ kind }) => kind === 'healed')?.at ?? Number.POSITIVE_INFINITY;
    for (const { incoming, service } of requestsOf(run)) {
      const operation = subject.model.operations.get(incoming.operation);
      const features = (operation?.features ?? []).flatMap((name) => subject.model.features.get(name) ?? []);
      const flags = features.map(({ flag }) => flag).filter((flag) => flag?.services.includes(service));
      const [flag] = flags;
      // What two features share stays while one of them is there.
      if (flag === undefined || flags.length < features.length || incoming.served === undefined) continue;
      const isOff = off.some(({ flag: name, atMs, forMs }) => {
        const from = typeof atMs === 'number' ? atMs : 0;
        const until = Math.min(typeof forMs === 'number' ? from + forMs : healedAt, healedAt);
        // A request asks once, when it comes.
        return name === flag.name && incoming.at >= from && (incoming.served?.at ?? incoming.at) < until;
      });
      if (!isOff) continue;
      const acted = run.happenings.some(
        (one) =>
          one.within === incoming.call && (one.kind === 'owned' || one.kind === 'promised' || one.kind === 'calling'),
      );
      if (incoming.served.status === flag.offStatus && !acted) continue;
      yield {
        ...{ invariant: this.id, service, at: incoming.served, contract: flag.at },
        sentence: `${incoming.operation} was there although its feature was switched off.`,
        ...{ expected: flag.offStatus, actual: incoming.served.status },
      };
    }
  },
};
