import { readFileSync } from 'node:fs';
import { type PlannedMessages, planMessages } from '../../../generator/emit/outputs/messages.js';
import { catalogueMessages, type TypedModel } from '../../../generator/emit/typescript/catalogue.js';
import type { Message } from '../../../generator/model/types.js';
import { createRender } from '../../../generator/render/handlebars.js';
import { escapeToken } from '../../../generator/schema/ref.js';

const FILE = '/contracts/asyncapi.yaml';

export type Schemas = Readonly<Record<string, unknown>>;

/** A model that holds just these messages (by name: payload schema) and component schemas. */
export function modelOf(payloads: Schemas, components: Schemas = {}): TypedModel {
  const messages = Object.fromEntries(Object.entries(payloads).map(([name, payload]) => [name, { payload }]));
  const document = { asyncapi: '3.0.0', components: { schemas: components, messages } };
  const at = { file: 'asyncapi.yaml', line: 1, column: 1 };
  const message = (name: string) =>
    ({
      name,
      at,
      definition: { name, payload: { file: FILE, pointer: `/components/messages/${escapeToken(name)}/payload` }, at },
    }) as unknown as Message;
  return {
    messages: new Map(Object.keys(payloads).map((name) => [name, message(name)])),
    documents: new Map([[FILE, document]]),
    files: new Map([[FILE, 'asyncapi.yaml']]),
    locate: (ref) => ({ ...at, file: `asyncapi.yaml${ref.pointer}` }),
  };
}

const TEMPLATES = ['message', 'message-validator', 'messages-index', 'partials/header'];
const render = createRender(
  TEMPLATES.map((name) => {
    const file = new URL(`../../../templates/${name}.hbs`, import.meta.url);
    return { name, file: file.pathname, text: readFileSync(file, 'utf8') };
  }),
);

/** Plans and renders: text by path. */
export async function generate(
  model: TypedModel,
  cache = memoryCache(),
): Promise<PlannedMessages & { readonly text: ReadonlyMap<string, string> }> {
  const planned = await planMessages(model, cache);
  return { ...planned, text: new Map(planned.files.map((file) => [file.path, render(file.template, file.view)])) };
}

export function memoryCache() {
  const entries = new Map<string, string>();
  return {
    entries,
    get: (key: string) => entries.get(key),
    set: (key: string, value: string) => void entries.set(key, value),
  };
}

export { catalogueMessages };
