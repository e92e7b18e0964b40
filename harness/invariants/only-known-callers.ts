import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import { contractOperation } from '../world/providers/contracts.js';
import { requestsOf } from './expected-calls.js';
import type { Invariant } from './invariant.js';

/** Whoever proves nothing, or proves it with a key that nobody knows, is refused before anything happens. */
export const onlyKnownCallers: Invariant = {
  id: 'only-known-callers',
  promise: "An operation that the contract secures does nothing for callers without credentials, or with a stranger's.",
  *check(run, subject) {
    const steps = new Map(run.plan.steps.map((step) => [step.id, step]));
    for (const { incoming, service, calls } of requestsOf(run)) {
      // Whoever is played by his contract lets everybody in.
      if (incoming.served?.effect !== undefined) continue;
      const step = steps.get(incoming.step ?? '');
      if (step?.do !== 'call' || step.operation !== incoming.operation || incoming.served === undefined) continue;
      const operation = contractOperation(subject.model, incoming.operation);
      if (step.as === undefined || operation === undefined || operation.definition.security.length === 0) continue;
      // Whether a stranger's token holds is somebody else's to say, who is played here by a contract that lets everybody in.
      const askedOthers = step.as !== 'nobody' && calls.length > 0;
      if ((step.as !== 'nobody' && step.as !== 'stranger') || askedOthers) continue;
      const { status } = incoming.served;
      const acted = run.happenings.some(
        (one) =>
          one.within === incoming.call && (one.kind === 'owned' || one.kind === 'promised' || one.kind === 'calling'),
      );
      // Any other refusal is not about who asks: 404 for a made-up id is what everybody is told.
      if (!acted && (status === 401 || status === 403 || isSwitchedOff(run, subject, incoming.operation, status)))
        continue;
      const at = subject.model.operations.get(incoming.operation)?.at;
      yield {
        ...{ invariant: this.id, service, at: incoming.served, ...(at !== undefined && { contract: at }) },
        sentence: `${incoming.operation} ${acted ? 'acted for' : 'answered'} a caller ${step.as === 'nobody' ? 'without credentials' : 'that nobody knows'}.`,
        ...{ expected: '401 or 403', actual: status },
      };
    }
  },
};

/** An operation whose feature is off is not there for anybody, and asks nobody for proof. */
function isSwitchedOff({ plan }: Run, { model }: Subject, operation: string, status: number): boolean {
  const features = model.operations.get(operation)?.features ?? [];
  return features.some((name) => {
    const flag = model.features.get(name)?.flag;
    const off =
      flag?.default === false || plan.faults.some((one) => one.fault === 'flag-off' && one['flag'] === flag?.name);
    return off && status === flag?.offStatus;
  });
}
