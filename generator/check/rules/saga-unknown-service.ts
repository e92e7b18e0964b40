import type { Rule } from '../rule.js';
import { spokenStep, stepSubject, stepsOf } from '../saga-steps.js';
import { meant } from '../wording.js';

/** Services of steps and compensations that are declared nowhere and take part in nothing else; operations and sends that name no service. */
export const sagaUnknownService: Rule = {
  id: 'saga-unknown-service',
  severity: 'error',
  title: 'Every step of a saga names a known service.',
  why: 'The step would call a service that does not exist, and the saga would compensate on every run.',
  fix: 'Correct the name, or declare the service.',
  requirements: ['TD-95', 'SE-17'],
  *check(model) {
    for (const { saga, step } of stepsOf(model)) {
      const subject = stepSubject(saga, step);
      for (const { service, at } of [step, ...(step.compensate === undefined ? [] : [step.compensate])]) {
        if (service === undefined || model.services.has(service)) continue;
        yield {
          at,
          message: `${spokenStep(saga, step)} names service "${service}", which nothing declares.`,
          subject: `${subject} service:${service}`,
          fix: meant(service, model.services.keys(), `declare it: services: [{ name: ${service} }]`),
        };
      }
      if (step.action.kind !== 'operation' || step.service !== undefined) continue;
      yield {
        at: step.at,
        message: `${spokenStep(saga, step)} calls "${step.action.name}" of no service.`,
        subject,
        fix: `write service: <provider of ${step.action.name}>, or local: ${step.action.name} if the orchestrator does it itself.`,
      };
    }
  },
};
