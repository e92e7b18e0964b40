import type { Validator } from '../validation.js';
import { readBody } from './body.js';
import type { ServerRequest } from './exchange.js';
import { contentFor, mediaTypeOf } from './media-type.js';
import { type OperationDefinition, replyFor } from './operation.js';
import { bodyPlaces, ProblemError } from './problem.js';

/** As the generated types of a handler's argument say: `body`, or `content` where the contract allows several media types. */
export type ReadRequestBody =
  | { readonly body: unknown }
  | { readonly content: { readonly contentType: string; readonly value: unknown } };

/**
 * Reads and checks the body of a request. Throws `ProblemError`: 413 above `maxBytes`, 415 for another media type, 400 for what cannot be read, 422
 * (400 where the contract does not know 422) for what breaks the schema.
 */
export async function readRequestBody(
  request: ServerRequest,
  operation: OperationDefinition,
  maxBytes: number,
): Promise<ReadRequestBody> {
  const { body: wanted } = operation;
  if (wanted === undefined) return { body: undefined };
  const tooLarge = () =>
    new ProblemError(413, { detail: `at most ${maxBytes} bytes are read` }, { connection: 'close' });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const bytes = await request.body(maxBytes).catch((cause: unknown) => {
    throw new ProblemError(400, { detail: 'the body breaks off' }, { connection: 'close' }, cause);
  });
  if (bytes === undefined) throw tooLarge();
  const header = request.headers.get('content-type');
  if (bytes.byteLength === 0 && (header === null || !wanted.required)) {
    if (wanted.required) throw new ProblemError(400, { detail: 'the body is missing' });
    return asRead(operation, wanted.content[0]?.type ?? '', undefined);
  }
  const content = contentFor(wanted.content, mediaTypeOf(header));
  if (content === undefined) {
    const accepted = wanted.content.map(({ type }) => type).join(', ');
    throw new ProblemError(415, { detail: `the body must be ${accepted}` }, { accept: accepted });
  }
  let body: unknown;
  try {
    body = await readBody(bytes, content, header ?? content.type);
  } catch {
    throw new ProblemError(400, { detail: `the body is no ${content.kind}` });
  }
  if (content.validate !== undefined && !keeps(content.validate, body)) {
    const status = replyFor(operation, 422)?.status === '422' ? 422 : 400;
    throw new ProblemError(status, {
      title: 'The body breaks its contract',
      errors: bodyPlaces(content.validate.errors),
    });
  }
  return asRead(operation, content.type.includes('*') ? mediaTypeOf(header) : content.type, body);
}

function asRead({ body: wanted }: OperationDefinition, contentType: string, value: unknown): ReadRequestBody {
  return wanted !== undefined && wanted.content.length > 1 ? { content: { contentType, value } } : { body: value };
}

/** Validators of recursive schemas go as deep as the value, which may be deeper than the stack. */
function keeps(validate: Validator<unknown>, body: unknown): boolean {
  try {
    return validate(body);
  } catch (cause) {
    throw new ProblemError(400, { detail: 'the body is nested too deeply to be checked' }, {}, cause);
  }
}
