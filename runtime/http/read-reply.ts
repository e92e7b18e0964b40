import { formatErrors, type Validator } from '../validation.js';
import { readBody, readBytes } from './body.js';
import { type CallPlace, HttpConnectionError, HttpStatusError, UnexpectedReplyError } from './errors.js';
import { contentFor, isJson, mediaTypeOf } from './media-type.js';
import { type ContentDefinition, type OperationDefinition, replyFor } from './operation.js';

export interface ReadReplyOptions {
  readonly nullOn: readonly number[];
  readonly maxBytes: number;
}

/** Turns an answer into the value or the error that the contract means. */
export async function readReply(
  response: Response,
  operation: OperationDefinition,
  place: CallPlace,
  options: ReadReplyOptions,
): Promise<unknown> {
  const { status } = response;
  if (options.nullOn.includes(status)) {
    await response.body?.cancel();
    return null;
  }
  const bytes = await receive(response, place, options.maxBytes);
  const refuse = (reason: string, cause?: unknown): never => {
    throw new UnexpectedReplyError(place, status, reason, new TextDecoder().decode(bytes.subarray(0, 2000)), cause);
  };
  const reply = replyFor(operation, status);
  if (reply === undefined) {
    const cause = new HttpStatusError(place, status, fallback(response, bytes), retryAfter(response));
    return refuse('which its contract does not document', cause);
  }
  const body = await bodyOf(response, bytes, reply.content, refuse);
  if (status >= 200 && status < 300) return body;
  throw new HttpStatusError(place, status, body, retryAfter(response));
}

async function receive(response: Response, place: CallPlace, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = hasKnownLength(response, maxBytes)
      ? new Uint8Array(await response.arrayBuffer())
      : await readBytes(response.body as ReadableStream<Uint8Array> | null, maxBytes);
  } catch (error) {
    throw new HttpConnectionError(place, error);
  }
  // A length that lies breaks the connection; one that was made up by hand need not.
  if (bytes === undefined || bytes.byteLength > maxBytes)
    throw new UnexpectedReplyError(place, response.status, `with more than ${maxBytes} bytes`, '');
  return bytes;
}

/** Whether the body can be read at once: its length is told, bounded, and that of what comes out, too. */
function hasKnownLength({ headers }: Response, maxBytes: number): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= maxBytes && headers.get('content-encoding') === null;
}

async function bodyOf(
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
  documented: readonly ContentDefinition[],
  refuse: (reason: string, cause?: unknown) => never,
): Promise<unknown> {
  const success = response.status >= 200 && response.status < 300;
  // Proxies answer errors in their own words; the status alone says enough then.
  if (documented.length === 0 || (bytes.byteLength === 0 && !success))
    return success ? undefined : fallback(response, bytes);
  const header = response.headers.get('content-type');
  const mediaType = mediaTypeOf(header);
  const content = mediaType === '' ? documented[0] : contentFor(documented, mediaType);
  if (content === undefined)
    return success ? refuse(`with "${mediaType}", which its contract does not document`) : fallback(response, bytes);
  let value: unknown;
  try {
    value = await readBody(bytes, content, header ?? content.type);
  } catch (error) {
    return success ? refuse(`with a body that is no ${content.kind}`, error) : undefined;
  }
  if (success && content.validate !== undefined && !keeps(content.validate, value, refuse)) {
    return refuse(`with a body that breaks its contract: ${formatErrors(content.validate.errors)}`);
  }
  return value;
}

/** Validators of recursive schemas go as deep as the value, which may be deeper than the stack. */
function keeps(
  validate: Validator<unknown>,
  value: unknown,
  refuse: (reason: string, cause?: unknown) => never,
): boolean {
  try {
    return validate(value);
  } catch (error) {
    return refuse('with a body that is nested too deeply to be checked', error);
  }
}

/** An error whose body the contract does not describe: problem details are still worth reading. */
function fallback(response: Response, bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0 || !isJson(mediaTypeOf(response.headers.get('content-type')))) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Only the form in seconds: a date would need a clock that agrees with the provider's. */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
