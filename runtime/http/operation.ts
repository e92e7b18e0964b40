import type { Validator } from '../validation.js';

/**
 * What a contract says about one HTTP operation, as plain values that generated code hands to the client and to the server. Behaviour is theirs.
 */
export interface OperationDefinition {
  /** Name of the generated method. */
  readonly name: string;
  /** Upper case. */
  readonly method: string;
  /** Template such as `/api/customers/{customerId}`. */
  readonly path: string;
  readonly parameters: readonly ParameterDefinition[];
  /** Checks `{ path, query, headers, cookies }` after reading; absent when the contract promises nothing that could be broken. */
  readonly validateParameters?: Validator<unknown>;
  readonly body?: { readonly required: boolean; readonly content: readonly ContentDefinition[] };
  readonly replies: readonly ReplyDefinition[];
  /** Names of security schemes, any of which will do; empty = open. */
  readonly security: readonly string[];
  /** Services that may call it, as `security` of the `http` edges says; absent where these name none. */
  readonly callers?: readonly string[];
  /** Dotted paths of personal values in the body: masked wherever it is logged. */
  readonly redact?: readonly string[];
}

/** Whether a call has to prove who makes it. */
export function isSecured({ security, callers }: Pick<OperationDefinition, 'security' | 'callers'>): boolean {
  return security.length > 0 || callers !== undefined;
}

export type ScalarType = 'string' | 'number' | 'boolean';

/** How the text of a parameter becomes a value: a scalar, a list of such, or an object with named fields. */
export type ValueType =
  | ScalarType
  | { readonly list: ScalarType }
  | { readonly fields: Readonly<Record<string, ScalarType | { readonly list: ScalarType }>> };

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

/** `json` is ours: the parameter has a JSON media type instead of a style. */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'json';

export interface ParameterDefinition {
  /** On the wire. Header names match in any case. */
  readonly name: string;
  readonly in: ParameterPlace;
  /** Property of the request that holds it. */
  readonly as: string;
  readonly required: boolean;
  readonly type: ValueType;
  /** Default: `form` in query and cookie, `simple` in path and header. */
  readonly style?: ParameterStyle;
  /** Default: true for `form`, false for the rest. */
  readonly explode?: boolean;
}

/** How a body is written and read. `binary` is bytes, `multipart` a `FormData`. */
export type ContentKind = 'json' | 'text' | 'form' | 'multipart' | 'binary';

export interface ContentDefinition {
  /** Media type without parameters; ranges such as `image/*` are allowed. */
  readonly type: string;
  readonly kind: ContentKind;
  /** How the fields of a form become values. */
  readonly fields?: Readonly<Record<string, ScalarType | { readonly list: ScalarType }>>;
  readonly validate?: Validator<unknown>;
}

export interface ReplyDefinition {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly content: readonly ContentDefinition[];
}

/** The group of a request in which a parameter lies. */
export const groups = { path: 'path', query: 'query', header: 'headers', cookie: 'cookies' } as const;

/** Property of the header parameters that holds the idempotency key of an operation that takes one, whatever the header is called. */
export const keyProperty = 'idempotencyKey';

/** Whether a request that comes again under the same key has the effect of one. */
export function takesKey({ parameters }: Pick<OperationDefinition, 'parameters'>): boolean {
  return parameters.some((one) => one.in === 'header' && one.as === keyProperty);
}

/** What the contract says about a status: the exact one, else its class, else `default`. */
export function replyFor(operation: OperationDefinition, status: number): ReplyDefinition | undefined {
  const wanted = [String(status), `${String(status)[0]}XX`, 'default'];
  for (const name of wanted) {
    const found = operation.replies.find((reply) => reply.status.toUpperCase() === name.toUpperCase());
    if (found !== undefined) return found;
  }
  // A contract that documents no answer at all allows every one, without a body.
  return operation.replies.length === 0 ? { status: 'default', content: [] } : undefined;
}
