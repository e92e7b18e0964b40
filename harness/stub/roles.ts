/** What an operation does with the things of a collection such as `/orders`. */
export interface Role {
  readonly kind: 'create' | 'list' | 'read' | 'replace' | 'change' | 'remove';
  /** Path parameter that holds the id of one thing: `orderId` of `/orders/{orderId}`. */
  readonly parameter: string;
}

interface Routed {
  readonly method: string;
  readonly path: string;
}

/**
 * The roles of operations, by their paths: where `/orders/{orderId}` stands beside `/orders`, the first is one thing of the second. What no such pair
 * is made of has no role and remembers nothing.
 */
export function rolesOf<Operation extends Routed>(operations: readonly Operation[]): ReadonlyMap<Operation, Role> {
  const parameterOf = new Map<string, string>();
  for (const { path } of operations) {
    const [, collection, parameter] = /^(.*)\/\{([^{}]+)\}$/.exec(path) ?? [];
    if (collection !== undefined && parameter !== undefined && !parameterOf.has(collection))
      parameterOf.set(collection, parameter);
  }
  const roles = new Map<Operation, Role>();
  for (const operation of operations) {
    const collection = operation.path.replace(/\/\{[^{}]+\}$/, '');
    const own = parameterOf.get(operation.path);
    const parameter = parameterOf.get(collection);
    const isItem = collection !== operation.path && parameter !== undefined;
    const kind = own === undefined ? (isItem ? itemKinds[operation.method] : undefined) : listKinds[operation.method];
    // A thing may have things of its own: `/folders/{id}` is read as one thing, and created into as a collection.
    const inItem = kind === undefined && isItem ? itemKinds[operation.method] : undefined;
    if (kind !== undefined) roles.set(operation, { kind, parameter: own ?? parameter ?? '' });
    else if (inItem !== undefined) roles.set(operation, { kind: inItem, parameter: parameter ?? '' });
  }
  return roles;
}

const listKinds: Readonly<Record<string, Role['kind']>> = { post: 'create', get: 'list' };
const itemKinds: Readonly<Record<string, Role['kind']>> = {
  get: 'read',
  put: 'replace',
  patch: 'change',
  post: 'change',
  delete: 'remove',
};
