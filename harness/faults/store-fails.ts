import { RejectMessageError, UnavailableError } from '../../runtime/errors.js';
import type { PlannedFault } from '../plan.js';
import type { Fault } from './fault.js';
import { refuseFields } from './fields.js';

interface StoreFails extends PlannedFault {
  readonly fault: 'store-fails';
  readonly service: string;
  readonly step: string;
  /** `away`: the database cannot be reached. `error`: it rejects the commit. `refused`: it says that the row can never be kept. */
  readonly how: keyof typeof errors;
  /** Commits that fail; default 1. */
  readonly times?: number;
}

const errors = {
  away: () => new UnavailableError('the store'),
  error: () => new Error('the store fails, as the plan says'),
  refused: () => new RejectMessageError('the store can never keep this, as the plan says'),
};

const said = { away: 'is away', error: 'fails', refused: 'refuses the row' };

/** A commit that does not come about: what was done in the transaction must be as if it had never been. */
export const storeFails: Fault<StoreFails> = {
  id: 'store-fails',
  title: 'The store rejects a commit.',
  refuse: (planned) =>
    refuseFields(planned, { service: 'string', step: 'string', how: 'string', times: 'number?' }) ??
    (Object.hasOwn(errors, String(planned['how']))
      ? undefined
      : `"how" of a failing store must be one of ${Object.keys(errors).join(', ')}`),
  words: ({ service, step, how, times = 1 }) =>
    `store of ${service} ${said[how]} at the commit of ${step}${times === 1 ? '' : `, ${times} times`}`,
  install(planned, hooks) {
    const { service, step, how, times = 1 } = planned;
    hooks.onPoint((point) => {
      if (point.service !== service || point.point !== 'in-transaction' || point.step !== step || point.nth > times)
        return undefined;
      hooks.struck(this.id, this.words(planned), { service, step });
      return { kind: 'fail', error: errors[how]() };
    });
  },
  simpler: (planned) => ((planned.times ?? 1) > 1 ? [{ ...planned, times: 1 }] : []),
};
