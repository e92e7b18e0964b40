import type { Subject } from '../subject.js';
import { contractsOf } from '../world/providers/contracts.js';
import { type OperationIn, requestScenario } from './operations-in.js';

export const readBeforeCommit = requestScenario({
  id: 'read-before-commit',
  title: 'Somebody reads what was made a moment ago, or is being made.',
  after: ['reads-own-writes'],
  fits: (operation, subject) => readerOf(operation, subject) !== undefined,
  none: 'nothing that can be made can also be read by its id',
  plan(story, index) {
    const reader = readerOf(story.operation, story.subject);
    if (reader === undefined) return false;
    const { parameter, operation } = reader;
    const made = story.request({ value: index + 1 });
    const at = parameter.replace(/^.*(id)$/i, 'id');
    const take = { [`path.${parameter}`]: { of: made, at } };
    // Right after the answer, which comes within two hops without jitter, and again when everything is done.
    for (const waitMs of index === 0 ? [3] : [story.random.between(1, 40), story.random.between(1, 80)])
      story.pause(waitMs).request({ operation, take, value: index + 1 });
    story.pause(200).request({ operation, take, value: index + 1 });
    return true;
  },
});

/** The operation that reads what this one makes: `GET /orders/{id}` for `POST /orders`. */
function readerOf(
  { definition }: OperationIn,
  { model, name }: Subject,
): { readonly operation: string; readonly parameter: string } | undefined {
  if (definition.role?.kind !== 'create') return undefined;
  const { path } = definition.definition;
  const found = contractsOf(model)
    .get(name)
    ?.operations.find((one) => one.role?.kind === 'read' && one.definition.path.startsWith(`${path}/{`));
  const parameter = found?.role?.parameter;
  return found === undefined || parameter === undefined ? undefined : { operation: `${name}.${found.id}`, parameter };
}
