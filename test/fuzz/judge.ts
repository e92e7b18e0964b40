import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Check, compileSchema } from '../../generator/schema/ajv.js';

type Json = Readonly<Record<string, unknown>>;

/** What a document says about the successes of its operations, read without any of our own understanding of schemas. */
export interface Judge {
  /** Why a client may not give this value for an answer of this status; undefined when it may. */
  breach(
    operation: { readonly method: string; readonly path: string },
    status: number,
    value: unknown,
  ): string | undefined;
}

/** Judges by Ajv on the document as it is written, apart from what a tolerant reader allows (closed objects) and what OpenAPI 3.0 spells its own way. */
export function judgeOf(path: string): Judge {
  const document = plain(parse(readFileSync(path, 'utf8'))) as Json;
  const compiled = new Map<string, Check>();
  const checkAt = (pointer: string): Check => {
    const found =
      compiled.get(pointer) ??
      compileSchema(
        { $ref: `document#${pointer}` },
        { dialect: '2020-12', allErrors: false, references: { document } },
      );
    compiled.set(pointer, found);
    return found;
  };
  return {
    breach({ method, path: route }, status, value) {
      if (status < 200 || status > 299) return `status ${status} is no success`;
      const pointer = `/paths/${route.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}/responses`;
      const responses = at(document, pointer) as Json;
      const key = [String(status), '2XX', 'default'].find((each) => each in responses);
      if (key === undefined) {
        if (Object.keys(responses).length === 0) return value === undefined ? undefined : 'no body is documented';
        return `status ${status} is not documented`;
      }
      const response = responses[key] as Json;
      const content = 'content' in response && status !== 204 && status !== 205 ? (response.content as Json) : {};
      const types = Object.keys(content);
      if (types.length === 0) return value === undefined ? undefined : 'no body is documented';
      const reasons = types.map((type) => {
        if (!/json$/.test(type))
          return typeof value === 'string' || value instanceof Uint8Array ? undefined : `is no ${type}`;
        if (!('schema' in (content[type] as Json))) return undefined;
        const inner = `${pointer}/${key}/content/${type.replaceAll('/', '~1').replaceAll('+', '%2B')}/schema`;
        const [error] = checkAt(encodeURI(inner).replaceAll('%25', '%'))(value);
        return error && `${error.instancePath} ${error.message}`;
      });
      return reasons.includes(undefined) ? undefined : reasons.join('; ');
    },
  };
}

function at(document: Json, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => (value as Json)[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

/** Closed objects opened, `nullable` and boolean bounds as JSON Schema spells them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => !(key === 'additionalProperties' && inner === false));
  const made = Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)])) as Record<string, unknown>;
  if (made.nullable === true && typeof made.type === 'string') made.type = [made.type, 'null'];
  if (made.exclusiveMinimum === true) {
    made.exclusiveMinimum = made.minimum;
    delete made.minimum;
  }
  // Binary and the names of branches assert nothing.
  delete made.nullable;
  delete made.discriminator;
  return made;
}
