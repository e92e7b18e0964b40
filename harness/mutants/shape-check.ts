import type { Run } from '../history.js';
import { isValid } from '../invariants/messages.js';
import { scenarios } from '../scenarios/registry.js';
import { planFor } from '../search.js';
import { simulate } from '../simulate.js';
import type { Subject } from '../subject.js';
import { mutated, struck } from './hunt.js';
import type { Mutant } from './mutant.js';
import { messageNamed } from './payload.js';

/** Scenarios whose smallest plan, without its fault, is one message. */
const ofOneMessage = new Set(['create', 'crash-after-commit-before-publish']);

/** Whether a check of shapes alone, one message or one request at a time and nothing going wrong, finds a mutant. */
export async function foundByShape(mutant: Mutant, subjects: readonly Subject[]): Promise<boolean> {
  for (const subject of subjects) {
    for (const scenario of scenarios) {
      const calls = mutant.strikes.includes('client');
      if (calls ? !mutant.scenarios.includes(scenario.id) : !ofOneMessage.has(scenario.id)) continue;
      for (const target of struck(mutant, subject, scenario)) {
        const plan = planFor(subject, scenario, target, 0, { seed: 1, level: 'sim' });
        if (plan === undefined) continue;
        const steps = calls ? plan.steps.slice(0, 1) : plan.steps;
        const alone = { ...plan, steps, faults: [] };
        const found = shapeProblems(await simulate(subject, alone, mutated(mutant, subject)), subject);
        if (found.length === 0) continue;
        const usual = shapeProblems(await simulate(subject, alone), subject);
        if (found.length > usual.length) return true;
      }
    }
  }
  return false;
}

/**
 * What a check of shapes sees of a run without faults, one message at a time: whether each published message is valid by its contract, and whether the consumer
 * takes each valid message. That is all that Pact and a schema check look at.
 */
function shapeProblems(run: Run, subject: Subject): readonly string[] {
  const problems: string[] = [];
  for (const happening of run.happenings) {
    if (happening.kind !== 'published') continue;
    const message = messageNamed(subject, happening.type);
    if (happening.envelope === undefined) problems.push(`${happening.type} cannot be decoded`);
    else if (message !== undefined && !isValid(message, happening.envelope.data))
      problems.push(`${happening.type} is invalid`);
  }
  for (const happening of run.happenings) {
    if (happening.kind !== 'answered') continue;
    const { operation, status = 500, error } = happening;
    if (error !== undefined || status >= 500) problems.push(`${operation} gives no answer`);
  }
  for (const happening of run.happenings) {
    if (happening.kind !== 'settled' || happening.how !== 'dead-lettered') continue;
    const { service, type } = happening;
    const { copies = {}, effects = [] } = subject.services.get(service)?.definition ?? {};
    // What is not meant for it is nothing that a test of its shape would give it.
    if ([...Object.values(copies), ...effects].some(({ message }) => message.name === type))
      problems.push(`${service} refuses a valid ${type}`);
  }
  return problems;
}
