import type { HttpEdge } from '../../generator/model/types.js';
import type { CallPolicy } from '../../runtime/http/policy/policy.js';
import type { CallStep } from '../plan.js';
import type { StubOperation } from '../stub/provider.js';
import type { Subject } from '../subject.js';
import { callPolicyOf } from '../world/providers/call-policy.js';
import { contractOperation, contractsOf } from '../world/providers/contracts.js';
import type { Target } from './scenario.js';

/** An operation of another service that the service under test calls. */
export interface CallOut extends Target {
  /** `<provider>.<operationId>`. */
  readonly operation: string;
  readonly definition: StubOperation;
  readonly edge: HttpEdge;
  readonly policy: CallPolicy;
  /** Operations of the service under test whose requests may lead to the call, the likeliest first, each with somebody who calls it. */
  readonly drivers: readonly Driver[];
}

export interface Driver {
  readonly operation: string;
  readonly definition: StubOperation;
  readonly caller: string;
}

/** The calls that a service makes while it answers others. A sentence when there are none. */
export function callsOut(
  subject: Subject,
  fits: (call: CallOut) => boolean = () => true,
): readonly CallOut[] | { readonly none: string } {
  const all = subject.model.http
    .filter((edge) => edge.from === subject.name)
    .flatMap((edge) => edge.operations.map(({ id }) => callOut(subject, edge, `${edge.to}.${id}`)))
    .filter((call) => call !== undefined);
  if (all.length === 0) return { none: `${subject.name} calls nobody` };
  const driven = all.filter(({ drivers }) => drivers.length > 0);
  if (driven.length === 0)
    return { none: `${subject.name} answers no request, so that nothing here makes it call anybody` };
  const found = driven.filter(fits);
  return found.length > 0 ? found : { none: `no call of ${subject.name} has such a policy` };
}

export function callOutNamed(subject: Subject, target: Target): CallOut | undefined {
  const all = callsOut(subject);
  return 'none' in all ? undefined : all.find((call) => call.id === target.id);
}

function callOut(subject: Subject, edge: HttpEdge, operation: string): CallOut | undefined {
  const definition = contractOperation(subject.model, operation);
  if (definition === undefined) return undefined;
  return {
    ...{ id: `client:${operation}`, name: operation, operation, definition, edge },
    policy: callPolicyOf(edge.policy),
    drivers: driversOf(subject, operation, definition),
  };
}

/** A flow of the contracts tells what leads to what; else the same name, then the same method, makes it likely. */
function driversOf(subject: Subject, called: string, { id, definition }: StubOperation): readonly Driver[] {
  const { model, name } = subject;
  const [provider = ''] = called.split('.');
  const led = new Set(
    model.flows.flatMap(({ hops }) =>
      hops.flatMap((hop, index) => {
        const next = hops.slice(index + 1).findIndex((one) => one.to === name);
        const own = hops.slice(index + 1, next < 0 ? undefined : index + 1 + next);
        const leads = own.some((one) => one.from === name && one.to === provider && one.label === id);
        return hop.to === name && leads && hop.label !== undefined ? [hop.label] : [];
      }),
    ),
  );
  const likelihood = (one: StubOperation): number =>
    led.has(one.id) ? 0 : one.id === id ? 1 : one.definition.method === definition.method ? 2 : 3;
  return (contractsOf(model).get(name)?.operations ?? [])
    .map((one) => ({ operation: `${name}.${one.id}`, definition: one, caller: callerOf(subject, one.id) }))
    .sort((a, b) => likelihood(a.definition) - likelihood(b.definition));
}

/** Who calls an operation by the contracts, else who calls another one of that service, else any other service. */
export function callerOf({ model, name }: Subject, operation: string): string {
  const edges = model.http.filter((one) => one.to === name);
  const edge = edges.find((one) => one.operations.some(({ id }) => id === operation)) ?? edges[0];
  return edge?.from ?? [...model.services.keys()].find((other) => other !== name) ?? name;
}

/** A call of a driver. */
export function callStep(
  id: string,
  at: number,
  { operation, caller }: Pick<Driver, 'operation' | 'caller'>,
  more: Partial<CallStep> = {},
): CallStep {
  return { id, at, do: 'call', operation, caller, value: 1, ...more };
}
