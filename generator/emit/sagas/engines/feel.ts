import type { SagaArguments, SagaPlan, SagaValue } from '../../../../runtime/saga/plan.js';
import { runValue } from './run-values.js';

/** Arguments as an expression of FEEL, the language of BPMN engines: https://www.omg.org/spec/DMN/ chapter 10. Each step's outputs are a variable of its own. */
export function feel(plan: SagaPlan, at: number, given: SagaArguments, variables: ReadonlyMap<string, string>): string {
  return `=${text(plan, at, given, variables)}`;
}

function text(plan: SagaPlan, at: number, value: SagaValue, variables: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) return `[${value.map((item) => text(plan, at, item, variables)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, each]) => `${JSON.stringify(name)}: ${text(plan, at, each, variables)}`,
    );
    return `{${members.join(', ')}}`;
  }
  const read = runValue(plan, at, value);
  switch (read.from) {
    case 'plain':
      return JSON.stringify(read.value);
    case 'run':
      return 'runId';
    case 'key':
      return 'key';
    case 'input':
      return joined('input', read.path);
    case 'step':
      return joined(variables.get(read.step) ?? 'input', read.path);
    case 'answer':
      return joined('response', read.path);
  }
}

/** `input.amount`; what is no plain name is read by the function that takes any. */
function joined(root: string, path: readonly string[]): string {
  return path.reduce(
    (before, step) =>
      /^[A-Za-z_]\w*$/.test(step) ? `${before}.${step}` : `get value(${before}, ${JSON.stringify(step)})`,
    root,
  );
}
