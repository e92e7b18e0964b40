import type { RandomStream } from '../../generator/schema/random.js';
import type { StubOperation } from '../stub/provider.js';
import type { Subject } from '../subject.js';
import { contractsOf } from '../world/providers/contracts.js';
import { callerOf } from './calls-out.js';
import { RequestPlan } from './request-plan.js';
import type { Scenario, Target } from './scenario.js';

/** An operation that the service under test answers. */
export interface OperationIn extends Target {
  /** `<service>.<operationId>`. */
  readonly operation: string;
  readonly definition: StubOperation;
  readonly caller: string;
}

/** The operations of a service, as far as they fit. `none`: the sentence when none does. */
export function operationsIn(
  subject: Subject,
  fits: (operation: OperationIn, subject: Subject) => boolean,
  none: string,
): readonly OperationIn[] | { readonly none: string } {
  const all = (contractsOf(subject.model).get(subject.name)?.operations ?? []).map(
    (definition): OperationIn => ({
      ...{ id: `operation:${definition.id}`, name: definition.id, operation: `${subject.name}.${definition.id}` },
      ...{ definition, caller: callerOf(subject, definition.id) },
    }),
  );
  if (all.length === 0) return { none: `${subject.name} answers no request` };
  if (subject.code.create === undefined)
    return { none: subject.code.reason ?? `${subject.name} has no code that answers` };
  const found = all.filter((operation) => fits(operation, subject));
  return found.length > 0 ? found : { none };
}

/** What a scenario of requests says of itself; plans follow from it. */
export interface RequestScenario extends Pick<Scenario, 'id' | 'title' | 'after'> {
  readonly fits: (operation: OperationIn, subject: Subject) => boolean;
  readonly none: string;
  /** The plan number `index`; undefined: there are no more. */
  readonly plan: (story: RequestStory, index: number) => boolean;
}

/** A scenario of requests that the service under test answers. */
export function requestScenario({ fits, none, plan, ...said }: RequestScenario): Scenario {
  const targets = (subject: Subject) => operationsIn(subject, fits, none);
  return {
    ...said,
    targets,
    plan(target, { subject, index, random }) {
      const all = targets(subject);
      const operation = 'none' in all ? undefined : all.find(({ id }) => id === target.id);
      if (operation === undefined) return undefined;
      const story = new RequestStory(subject, operation, random);
      if (!plan(story, index)) return undefined;
      return story.draft(index < 3 ? 0 : random.between(1, 1_000_000));
    },
  };
}

/** Writes a plan: requests to one operation of the service under test. */
export class RequestStory extends RequestPlan {
  readonly operation: OperationIn;

  constructor(subject: Subject, operation: OperationIn, random: RandomStream) {
    super(subject, operation, random);
    this.operation = operation;
  }
}
