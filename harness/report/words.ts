import { faultNamed } from '../faults/registry.js';
import type { CallStep, Plan, Step } from '../plan.js';

/** A plan as sentences: what everybody does, then what goes wrong. */
export function planInWords(plan: Plan): readonly string[] {
  return [
    ...plan.steps.map((step) => `${step.id} at ${step.at} ms: ${stepInWords(step)}`),
    ...plan.faults.map((fault) => `fault: ${faultNamed(fault.fault)?.words(fault) ?? fault.fault}`),
  ];
}

function stepInWords(step: Step): string {
  switch (step.do) {
    case 'change':
      return `${step.entity} ${step.key} is ${step.op}${step.silent === true ? ', and nobody is told' : ''}`;
    case 'publish':
      return `${step.service} publishes ${step.event}`;
    case 'force':
      return `the owner tells ${step.entity} ${step.key} again, forced`;
    case 'full-sync':
      return `all copies of ${step.entity} are read from their owner`;
    case 'send':
      return `a foreign message comes to ${step.exchange} ${step.key}`;
    case 'call':
      return `${callerInWords(step)} calls ${step.operation}`;
    default:
      return JSON.stringify(step satisfies never);
  }
}

/** Who calls as whom: an impostor is not the service in whose place it stands. */
function callerInWords({ caller, as }: CallStep): string {
  if (as === 'nobody') return 'somebody without credentials';
  if (as === 'stranger') return 'somebody whose key nobody knows';
  return caller;
}
