import type { CallStep, ChangeStep } from '../plan.js';
import { entityId } from '../plan.js';
import { checkOf } from '../stub/checks.js';
import { ownerOf, type Subject } from '../subject.js';
import { contractOperation } from '../world/providers/contracts.js';
import { requestFor } from '../world/providers/request.js';

/**
 * What a request names and the service under test has to have heard of, such as the company of `companyId`: told by its owner before the request is made. What nobody
 * here can tell of is left out where `sparse` and the contract allow.
 */
export function references(
  subject: Subject,
  step: CallStep,
  { key, sparse }: { readonly key: string; readonly sparse: boolean },
): { readonly told: readonly Omit<ChangeStep, 'id'>[]; readonly set: Readonly<Record<string, unknown>> } {
  const operation = contractOperation(subject.model, step.operation);
  const request = operation === undefined ? {} : requestFor(operation, step.value, step.set);
  const body: unknown = Reflect.get(request, 'body');
  const told: Omit<ChangeStep, 'id'>[] = [];
  const set: Record<string, unknown> = {};
  const check = operation?.bodyIds[0] === undefined ? undefined : checkOf(operation.graph, operation.bodyIds[0]);
  for (const member of typeof body === 'object' && body !== null ? Object.keys(body) : []) {
    const entity = copiedEntity(subject, member);
    if (entity === undefined) {
      const { [member]: _, ...rest } = body as Readonly<Record<string, unknown>>;
      if (sparse && /[iI]d$/.test(member) && check?.(rest).length === 0) set[`body.${member}`] = undefined;
      continue;
    }
    told.push({ at: 0, do: 'change', entity, op: 'created', key, value: step.value });
    set[`body.${member}`] = entityId(entity, key);
  }
  return { told, set };
}

/** `companyId` and `company_id` name a Company, where the service keeps copies of companies and somebody here can tell of one that waits for nobody. */
function copiedEntity(subject: Subject, member: string): string | undefined {
  const [, named] = /^(.+?)_?[iI]d$/.exec(member) ?? [];
  const entity = [...subject.model.entities.keys()].find((name) => name.toLowerCase() === named?.toLowerCase());
  if (entity === undefined || ownerOf(subject, entity) === undefined) return undefined;
  const consumer = subject.model.entities.get(entity)?.consumers.find(({ service }) => service === subject.name);
  return consumer === undefined || consumer.waits.some(({ optional }) => !optional) ? undefined : entity;
}
