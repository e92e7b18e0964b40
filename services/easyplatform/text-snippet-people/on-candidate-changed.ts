import type { OnCandidateChanged } from '#generated/easyplatform/text-snippet-people/consumers.gen.js';
import { employeesIn } from './employees.js';

/** Creates the employee, once per candidate. Called for hired candidates only, when their company is known. */
export const onCandidateChanged: OnCandidateChanged = async ({ event, tx, log }) => {
  const { id, fullName, email, companyId } = event.entityData;
  const employees = employeesIn(tx);
  // Whoever was entered by hand before the hire came through is the employee already.
  if (await employees.isTaken(email)) {
    log.info({ candidateId: id }, 'the hired candidate is an employee already');
    return;
  }
  // The employee keeps the id of the candidate: each leads to the other, and no candidate can become two employees.
  await employees.insert({ id, fullName, email, companyId, isActive: true, isDeleted: false });
};
