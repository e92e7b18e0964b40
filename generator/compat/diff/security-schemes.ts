import type { Model, Operation } from '../../model/types.js';
import { lookUp } from '../../schema/look-up.js';
import { escapeToken } from '../../schema/ref.js';

/** What a client has to know to show who it is, by the name of the scheme; words about it left out. */
export type Schemes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One more way to come by a token takes nothing from anybody. */
export const FLOW = 'flow ';

const SILENT = new Set(['description', 'bearerFormat', 'flows']);

/** The security schemes that an operation asks for, as its document defines them. */
export function schemesOf(model: Model, { document, definition }: Operation): Schemes | undefined {
  const found = (definition.security ?? []).flatMap((name): readonly (readonly [string, Schemes[string]])[] => {
    const pointer = `/components/securitySchemes/${escapeToken(name)}`;
    const scheme = lookUp(model.documents, { file: document, pointer })?.value;
    if (typeof scheme !== 'object' || scheme === null) return [];
    const said = Object.entries(scheme).filter(([key]) => !SILENT.has(key) && !key.startsWith('x-'));
    const flows = 'flows' in scheme ? flowsOf(scheme.flows) : [];
    // Names of headers and of schemes of HTTP are the same in any case.
    const plain = said.map(([key, value]) => [key, isCaseless(key, scheme) ? lower(value) : value] as const);
    return [[name, Object.fromEntries([...plain, ...flows])]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function isCaseless(key: string, scheme: object): boolean {
  return key === 'scheme' || (key === 'name' && 'in' in scheme && scheme.in === 'header');
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** `flow password` -> where tokens come from. Scopes are those of operations. */
function flowsOf(flows: unknown): readonly (readonly [string, unknown])[] {
  if (typeof flows !== 'object' || flows === null) return [];
  return Object.entries(flows).map(([name, flow]) => {
    const { authorizationUrl, tokenUrl } = { ...(flow as Readonly<Record<string, unknown>> | null) };
    return [`${FLOW}${name}`, [authorizationUrl, tokenUrl].filter((url) => url !== undefined)] as const;
  });
}
