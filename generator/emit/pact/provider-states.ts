import type { OperationFacts } from '../http/catalogue.js';

/** How a state is called that nobody has named. What else than success a request that is as the contract wants it may meet, because of the state that the provider is in. */
const meetings: Readonly<Record<number, string>> = {
  402: 'is not paid for',
  409: 'meets a conflict',
  410: 'comes too late',
  412: 'meets another version',
  422: 'breaks a rule',
  423: 'meets a lock',
};

/**
 * Whether a consumer relies on being answered so: every success, what it reads as "there is none", a 404 where the path names a thing, and each further status for
 * which the contract names a state. The rest (a bad request, a missing token, an overloaded server) has nothing to do with what the provider holds.
 */
export function isReliedOn(facts: OperationFacts, status: string, nullOn: readonly number[]): boolean {
  if (/^[23]\d\d$/.test(status) || nullOn.includes(Number(status))) return true;
  if (status === '404' && facts.operation.definition.path.includes('{')) return true;
  return /^4\d\d$/.test(status) && namedState(facts, status) !== undefined;
}

/**
 * Name of the state in which an operation is answered with a status: what the contract says in `x-provider-state` of the operation (a text for every success, or a
 * text by status), else the name of the example that it shows, else one made from the path.
 */
export function stateName(facts: OperationFacts, status: string): string {
  const { definition } = facts.operation;
  const named = namedState(facts, status);
  if (named !== undefined) return named;
  const code = Number(status);
  const isSuccess = code < 400;
  const thing = thingOf(definition.path);
  if (code === 404) return thing === undefined ? `${facts.name} finds nothing` : `${thing} is missing`;
  if (!isSuccess) return `${facts.name} ${meetings[code] ?? `meets ${status}`}`;
  if (thing !== undefined) return `${thing} exists`;
  return definition.method === 'get' ? `${facts.name} finds something` : `${facts.name} can be done`;
}

/** What the contract itself calls the state: `x-provider-state`, or the name of the example. */
function namedState({ operation: { definition } }: OperationFacts, status: string): string | undefined {
  const said: unknown = definition.extensions['x-provider-state'];
  if (typeof said === 'string' && said !== '' && Number(status) < 400) return said;
  const byStatus: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, status) : undefined;
  if (typeof byStatus === 'string' && byStatus !== '') return byStatus;
  const shown = definition.responses
    .find((response) => response.status === status)
    ?.bodies.flatMap(({ exampleNames }) => exampleNames)
    .find((name) => name !== '');
  return shown === undefined ? undefined : inWords(shown);
}

/** `/api/User/{userId}/roles` is about a user, `/items/{id}` about items. */
function thingOf(path: string): string | undefined {
  const segments = path.split('/');
  const index = segments.findLastIndex((segment) => /^\{[^{}]+\}$/.test(segment));
  if (index < 0) return undefined;
  const named = inWords((segments[index] ?? '').slice(1, -1).replace(/[-_]?(id|key)$/i, ''));
  return named === '' ? singular(inWords(segments[index - 1] ?? '')) : named;
}

function singular(words: string): string {
  return words.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

/** `userExists`, `user_exists` and `UserExists` as words. */
function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_.\s]+/g, ' ')
    .trim()
    .toLowerCase();
}
