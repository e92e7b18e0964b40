import type { Operation } from '../../model/types.js';
import { reached } from '../affected.js';
import type { Change } from '../change.js';
import type { Affected } from '../judgement.js';
import { nameIn } from '../matching.js';
import { clientsOf } from '../parties.js';
import type { Revisions } from '../rule.js';

/** An operation that a change is about, in both revisions, and who calls it. */
export interface Called {
  /** `accounts.getUser`. */
  readonly name: string;
  /** Method and path as people write them: `GET /users/{id}`. */
  readonly route: string;
  readonly service: string;
  readonly before?: Operation;
  readonly after?: Operation;
  readonly clients: readonly string[];
  readonly affected: readonly Affected[];
}

/** The operation in the subject of a change. */
export function calledBy(change: Change, revisions: Revisions): Called {
  const name = nameIn(change.subject);
  const former = change.kind === 'renamed' && change.from !== undefined ? change.from : name;
  const after = revisions.after.operations.get(name);
  const before = revisions.before.operations.get(former) ?? sameRoute(revisions, after);
  const known = after ?? before;
  const [first = '', ...rest] = name.split('.');
  const service = known?.service ?? first;
  const clients = [
    ...clientsOf(revisions.before, { service, id: before?.id ?? rest.join('.') }),
    ...clientsOf(revisions.after, { service, id: after?.id ?? rest.join('.') }),
  ];
  const feature = change.features[0] ?? '';
  const affected = reached(
    revisions,
    clients.map((client) => [client, featureOf(revisions, client, change) ?? feature, `calls "${name}"`] as const),
  );
  return {
    name,
    route: known === undefined ? name : `${known.definition.method.toUpperCase()} ${known.definition.path}`,
    service,
    ...(before && { before }),
    ...(after && { after }),
    clients: affected.map((each) => each.service),
    affected,
  };
}

/** Under its older id, when only that changed. */
function sameRoute({ before }: Revisions, after: Operation | undefined): Operation | undefined {
  if (after === undefined) return undefined;
  const { method, path } = after.definition;
  return [...before.operations.values()].find(
    (each) => each.service === after.service && each.definition.method === method && each.definition.path === path,
  );
}

function featureOf(revisions: Revisions, client: string, change: Change): string | undefined {
  const service = revisions.after.services.get(client) ?? revisions.before.services.get(client);
  return change.features.find((feature) => service?.features.includes(feature)) ?? service?.features[0];
}
