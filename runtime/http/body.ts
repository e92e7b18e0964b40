import { UsageError } from '../errors.js';
import type { ContentDefinition } from './operation.js';
import { fieldsOf, formPairs } from './read-parameters.js';
import { pairsOf } from './write-parameters.js';

/** What `Request` and `Response` take as a body. */
export type WireBody = string | Uint8Array<ArrayBuffer> | FormData | null;

export interface WrittenBody {
  readonly body: WireBody;
  /** Undefined where the platform has to say it itself (the boundary of a multipart body). */
  readonly contentType: string | undefined;
}

/** Writes a value as its content says. Throws `UsageError` on a value that has no such form. */
export function writeBody(value: unknown, content: ContentDefinition): WrittenBody {
  const contentType = content.type.includes('*') ? fallbackTypes[content.kind] : content.type;
  switch (content.kind) {
    case 'json':
      return { body: JSON.stringify(value), contentType };
    case 'text':
      return { body: String(value), contentType: `${contentType}; charset=utf-8` };
    case 'form':
      return { body: formText(value), contentType };
    case 'multipart':
      if (value instanceof FormData) return { body: value, contentType: undefined };
      throw new UsageError(`a ${content.type} body must be a FormData`);
    case 'binary':
      if (value instanceof Uint8Array) return { body: value as Uint8Array<ArrayBuffer>, contentType };
      throw new UsageError(`a ${content.type} body must be a Uint8Array`);
  }
}

const fallbackTypes = {
  json: 'application/json',
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  binary: 'application/octet-stream',
} as const;

/** Reads bytes as their content says. Throws what the platform throws on text that is no JSON or no UTF-8. */
export async function readBody(
  bytes: Uint8Array<ArrayBuffer>,
  content: ContentDefinition,
  contentType: string,
): Promise<unknown> {
  switch (content.kind) {
    case 'json':
      return JSON.parse(utf8(bytes));
    case 'text':
      return utf8(bytes);
    case 'form': {
      const pairs = formPairs(utf8(bytes));
      return (
        fieldsOf(content.fields ?? {}, (key) => pairs.filter(([name]) => name === key).map(([, text]) => text)) ?? {}
      );
    }
    case 'multipart':
      return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
    case 'binary':
      return bytes;
  }
}

/** All bytes of a stream; undefined as soon as there are more than `max`. */
export async function readBytes(
  stream: ReadableStream<Uint8Array> | null,
  max: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (stream !== null) {
    for await (const chunk of stream) {
      length += chunk.byteLength;
      // Leaving the loop cancels the stream.
      if (length > max) return undefined;
      chunks.push(chunk);
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function utf8(bytes: Uint8Array): string {
  return strictUtf8.decode(bytes);
}

function formText(value: unknown): string {
  if (typeof value !== 'object' || value === null) throw new UsageError('a form body must be an object');
  const pairs = pairsOf({ name: 'body', in: 'query' }, { style: 'form', explode: true }, value);
  return new URLSearchParams(pairs.map(([name, text]): [string, string] => [name, text])).toString();
}
