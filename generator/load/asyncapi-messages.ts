import type { AsyncMessage } from './documents.js';
import {
  child,
  children,
  flagAt,
  isMapping,
  keyOf,
  type Mapping,
  mappingAt,
  type Place,
  positionOf,
  schemaRefOf,
  textAt,
} from './place.js';
import type { References } from './references.js';
import { securityNames } from './security.js';
import { traitValue } from './traits.js';

/**
 * The messages of one AsyncAPI document, each read once wherever it is referred to.
 *
 * A message is named by its key under `components.messages`, else by its key in the channel, else by its `name` or `title`. Names are unique:
 * when two channels hold different messages under one key, the later one is named `<channel>.<key>`.
 */
export class Messages {
  private readonly byPlace = new Map<string, AsyncMessage>();
  private readonly names = new Set<string>();

  constructor(
    private readonly root: Place,
    private readonly references: References,
    private readonly major: 2 | 3,
  ) {
    const components = child(root, 'components');
    const named = components && child(components, 'messages');
    // Keys that hold the message itself come first: a key that only points at another message is an alias.
    const entries = named === undefined ? [] : children(named);
    for (const [key, place] of entries) if (!isMapping(place.value) || !('$ref' in place.value)) this.add(key, place);
    for (const [key, place] of entries) this.add(key, place);
  }

  list(): readonly AsyncMessage[] {
    return [...this.byPlace.values()];
  }

  /** Names of the message at `place`; several for `oneOf` of AsyncAPI 2.x. `key` undefined when the place gives it no name. */
  at(place: Place | undefined, channel: string, key?: string): readonly string[] {
    const landed = this.references.follow(place);
    if (landed === undefined) return [];
    const choices = child(landed, 'oneOf');
    if (choices !== undefined) return children(choices).flatMap(([, choice]) => this.at(choice, channel));
    const known = this.byPlace.get(keyOf(schemaRefOf(landed)));
    if (known !== undefined) return [known.name];
    const name =
      key ??
      textAt(landed, 'name') ??
      textAt(landed, 'messageId') ??
      textAt(landed, 'title') ??
      fileName(landed) ??
      channel;
    return [this.add(this.names.has(name) ? `${channel}.${name}` : name, landed)];
  }

  private add(name: string, place: Place): string {
    const landed = this.references.follow(place);
    if (landed === undefined) return name;
    const id = keyOf(schemaRefOf(landed));
    const known = this.byPlace.get(id);
    if (known !== undefined) return known.name;
    let unique = name;
    for (let next = 2; this.names.has(unique); next++) unique = `${name}.${next}`;
    this.names.add(unique);
    this.byPlace.set(id, this.read(unique, landed, place));
    return unique;
  }

  private read(name: string, message: Place, mention: Place): AsyncMessage {
    const { references, major } = this;
    const part = (key: string) => traitValue(message, key, major, references);
    const text = (key: string) => {
      const value = part(key)?.value;
      return typeof value === 'string' ? value : undefined;
    };
    const { payload, schemaFormat } = payloadOf(part('payload'), references);
    const headers = payloadOf(part('headers'), references).payload;
    const format = schemaFormat ?? text('schemaFormat');
    const correlationId = textAt(references.follow(part('correlationId')), 'location');
    const version = versionOf(message, headers, payload, references);
    const contentType = text('contentType') ?? textAt(this.root, 'defaultContentType');
    const title = text('title');
    const summary = text('summary');
    const description = text('description');
    return {
      name,
      deprecated: flagAt(message, 'deprecated') || flagAt(message, 'x-deprecated'),
      examples: examplesOf(part('examples'), references),
      bindings: mappingAt(references.follow(part('bindings'))),
      security: securityNames(part('security')),
      ref: schemaRefOf(message),
      at: positionOf(message.path.length > 0 ? message : mention),
      ...(title !== undefined && { title }),
      ...(summary !== undefined && { summary }),
      ...(description !== undefined && { description }),
      ...(payload !== undefined && { payload: schemaRefOf(payload) }),
      ...(headers !== undefined && { headers: schemaRefOf(headers) }),
      ...(contentType !== undefined && { contentType }),
      ...(format !== undefined && { schemaFormat: format }),
      ...(correlationId !== undefined && { correlationId }),
      ...(version !== undefined && { version }),
    };
  }
}

/** AsyncAPI 3 may wrap a schema as `{schemaFormat, schema}`. */
function payloadOf(place: Place | undefined, references: References): { payload?: Place; schemaFormat?: string } {
  const payload = references.followBare(place);
  if (payload === undefined) return {};
  const schemaFormat = textAt(payload, 'schemaFormat');
  const inner = schemaFormat === undefined ? undefined : references.followBare(child(payload, 'schema'));
  return inner === undefined || schemaFormat === undefined ? { payload } : { payload: inner, schemaFormat };
}

function versionOf(
  message: Place,
  headers: Place | undefined,
  payload: Place | undefined,
  references: References,
): string | undefined {
  const given = textAt(message, 'x-message-version');
  if (given !== undefined) return given;
  for (const schema of [headers, payload]) {
    const field = references.step(references.step(schema, 'properties'), 'messageVersion');
    const fixed = textAt(field, 'const') ?? textAt(field, 'default');
    if (fixed !== undefined) return fixed;
  }
  return undefined;
}

function examplesOf(place: Place | undefined, references: References): AsyncMessage['examples'] {
  if (place === undefined || !Array.isArray(place.value)) return [];
  return children(place).flatMap(([, item]) => {
    const example: Mapping = mappingAt(references.follow(item));
    if (!('payload' in example) && !('headers' in example)) return [];
    return [
      {
        ...(typeof example.name === 'string' && { name: example.name }),
        ...('payload' in example && { payload: example.payload }),
        ...('headers' in example && { headers: example.headers }),
      },
    ];
  });
}

/** `user-created` for a message that is a whole file of its own. */
function fileName(place: Place): string | undefined {
  if (place.path.length > 0) return undefined;
  return /([^/]+?)(?:\.message)?\.[^./]+$/.exec(place.source.file)?.[1];
}
