import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export type Schema = Readonly<Record<string, unknown>>;

/** An operation as its document says, without any code of ours in between: what the server is judged by. */
export interface Judged {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly style: string;
    readonly schema: Schema;
  }[];
  /** Bodies by media type. */
  readonly bodies: Readonly<Record<string, { readonly schema: Schema; readonly isValid: ValidateFunction }>>;
  /** Follows a `$ref` of the document. */
  resolve(schema: Schema): Schema;
}

/** Operations of an OpenAPI 3.1 document. */
export function readContract(file: string): readonly Judged[] {
  const document = parse(readFileSync(file, 'utf8')) as Schema;
  const ajv = new Ajv2020({ strict: false, ownProperties: true });
  (addFormats as unknown as (on: Ajv2020) => void)(ajv);
  ajv.addSchema(document, file);
  const at = (pointer: string): Schema =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((value, step) => (value as Schema)[stepText(step)], document) as Schema;
  const resolve = (schema: Schema): Schema =>
    typeof schema.$ref === 'string' ? resolve(at(schema.$ref.slice(1))) : schema;
  return Object.entries(document.paths as Schema).flatMap(([path, item]) =>
    Object.entries(item as Schema)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, value]) => {
        const operation = value as Schema;
        const shared = ((item as Schema).parameters ?? []) as readonly Schema[];
        const own = (operation.parameters ?? []) as readonly Schema[];
        const content = (resolve((operation.requestBody ?? {}) as Schema).content ?? {}) as Readonly<
          Record<string, Schema>
        >;
        return {
          id: String(operation.operationId),
          method: method.toUpperCase(),
          path,
          parameters: [...shared, ...own].map((one) => {
            const { name, in: place, style = '', schema = {} } = resolve(one);
            return { name: String(name), in: String(place), style: String(style), schema: schema as Schema };
          }),
          bodies: Object.fromEntries(
            Object.entries(content).map(([type, { schema = {} }]) => {
              const local = `${file}/${method}${path}/${type}`;
              ajv.addSchema(rebased(schema as Schema, file) as Schema, local);
              return [type, { schema: schema as Schema, isValid: ajv.getSchema(local) as ValidateFunction }];
            }),
          ),
          resolve,
        };
      }),
  );
}

/** References of a schema that stands alone lead into the document. */
function rebased(value: unknown, file: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rebased(item, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === '$ref' && typeof item === 'string' ? `${file}${item}` : rebased(item, file),
    ]),
  );
}

function stepText(step: string): string {
  return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
}
