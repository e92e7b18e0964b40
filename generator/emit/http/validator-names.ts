import type { NodeId } from '../../schema/node.js';
import { distinct, typeName } from '../names.js';
import type { ContentFacts, HttpCatalogue } from './catalogue.js';

/** Validators of a document by the schema they check: names of exports. */
export interface ValidatorNames {
  /** Of parameters and request bodies, as written. */
  readonly requests: ReadonlyMap<NodeId, string>;
  /** Of 2xx replies, as a tolerant reader reads them. */
  readonly replies: ReadonlyMap<NodeId, string>;
}

/** Names the validators that operations need; each schema has one, however often it is used. */
export function validatorNames({ operations, names }: Pick<HttpCatalogue, 'operations' | 'names'>): ValidatorNames {
  const requests = operations.flatMap(({ parametersId, name, body }) => [
    ...(parametersId === undefined ? [] : [[parametersId, `${typeName(name)}Parameters`] as const]),
    ...checked(body?.content ?? [], names),
  ]);
  const replies = operations.flatMap((operation) =>
    operation.replies.filter(({ status }) => mayBeRead(status)).flatMap(({ content }) => checked(content, names)),
  );
  return { requests: exportsOf(requests), replies: exportsOf(replies) };
}

/** Replies whose body the client hands to its caller. */
export function mayBeRead(status: string): boolean {
  return status.startsWith('2') || status === 'default';
}

function checked(content: readonly ContentFacts[], names: ReadonlyMap<NodeId, string>) {
  return content.flatMap(({ id }) => (id === undefined ? [] : [[id, names.get(id) ?? typeName(id)] as const]));
}

function exportsOf(wanted: readonly (readonly [NodeId, string])[]): ReadonlyMap<NodeId, string> {
  const byId = new Map([...wanted].reverse());
  const ids = [...byId.keys()].reverse();
  return distinct(ids, (id) => `validate${byId.get(id) ?? typeName(id)}`);
}
