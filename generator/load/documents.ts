import type { Position } from '../diagnostics/position.js';

/** Keys and indexes from the root of a document to a value. */
export type ValuePath = readonly (string | number)[];

/** One parsed file that still knows where each of its values stood. */
export interface Source {
  /** Path shown to people: relative to the working folder, forward slashes. */
  readonly file: string;
  /** Absolute path; the key of the file in every map. */
  readonly path: string;
  readonly text: string;
  /** sha256 of the bytes, hex. */
  readonly hash: string;
  /** Plain JSON value; every mapping has a null prototype, so that a key named `__proto__` is only a key. */
  readonly value: unknown;
  /** Position of the value at `path`; of its nearest existing parent when there is none. */
  at(path: ValuePath): Position;
  /** Position of the key that leads to `path`; for list items the item itself. */
  keyAt(path: ValuePath): Position;
}

/** A schema by place: file (absolute path) and JSON pointer (`/components/schemas/User`, `` for the whole file). */
export interface SchemaRef {
  readonly file: string;
  readonly pointer: string;
}

/** A feature.yaml (shared or per-service, shape D) as it was written, already valid against the language schema. */
export interface FeatureDocument {
  readonly source: Source;
  /** Absolute folder of the file. */
  readonly dir: string;
  /** Folder name; the feature's name when the file holds a template placeholder. */
  readonly folder: string;
  /** The parsed value. Shapes A to K of the contract language; `model/build` reads them. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface ServicesDocument {
  readonly source: Source;
  readonly value: { readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

export type Action = 'send' | 'receive';

export interface AsyncMessage {
  /** Key under components.messages or the channel; title or `name` only when there is no key. */
  readonly name: string;
  readonly title?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly payload?: SchemaRef;
  readonly headers?: SchemaRef;
  readonly contentType?: string;
  readonly schemaFormat?: string;
  /** Runtime expression such as `$message.header#/correlationId`. */
  readonly correlationId?: string;
  /** `x-message-version`, or a number found as the const/default of a `messageVersion` header. */
  readonly version?: string;
  readonly deprecated: boolean;
  readonly examples: readonly { readonly name?: string; readonly payload?: unknown; readonly headers?: unknown }[];
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly security: readonly string[];
  /** Where the message is defined (after following references): identity across documents. */
  readonly ref: SchemaRef;
  readonly at: Position;
}

export interface AsyncChannel {
  readonly id: string;
  /** Topic, routing key or subject pattern as written; null when the broker decides. */
  readonly address: string | null;
  /** Names of the messages. */
  readonly messages: readonly string[];
  /** Parameters of the address; `location` is a runtime expression such as `$message.payload#/userId`. */
  readonly parameters: readonly { readonly name: string; readonly location?: string }[];
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly servers: readonly string[];
  readonly at: Position;
}

export interface AsyncOperation {
  readonly id: string;
  /** From the application's point of view: 2.x `publish` (others may publish) is `receive`, `subscribe` is `send`. */
  readonly action: Action;
  readonly channel: string;
  readonly messages: readonly string[];
  readonly security: readonly string[];
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly reply?: { readonly channel?: string; readonly messages: readonly string[] };
  readonly at: Position;
}

/** Version-neutral reading of an AsyncAPI 2.x or 3.x document. */
export interface AsyncApiDocument {
  readonly source: Source;
  readonly version: string;
  readonly title?: string;
  readonly infoVersion?: string;
  /** `x-service`, or the service that a feature or services.yaml file names for this document; one document per service means roles come from send/receive. */
  readonly service?: string;
  /** Paths of the feature files that name this document. */
  readonly features: readonly string[];
  readonly servers: readonly { readonly name: string; readonly protocol: string; readonly host: string }[];
  readonly channels: readonly AsyncChannel[];
  readonly operations: readonly AsyncOperation[];
  readonly messages: readonly AsyncMessage[];
  /** Named component schemas. */
  readonly schemas: readonly { readonly name: string; readonly ref: SchemaRef; readonly at: Position }[];
}

export interface HttpParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema?: SchemaRef;
  readonly style?: string;
  readonly explode?: boolean;
  readonly at: Position;
}

export interface HttpBody {
  readonly contentType: string;
  readonly schema?: SchemaRef;
  readonly examples: readonly unknown[];
  /** Name of each example, '' for the one that has none. */
  readonly exampleNames: readonly string[];
}

export interface HttpResponse {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly description?: string;
  readonly bodies: readonly HttpBody[];
  readonly headers: readonly { readonly name: string; readonly required: boolean; readonly schema?: SchemaRef }[];
  readonly at: Position;
}

export interface HttpOperation {
  /** operationId, or `<method><Path>` in camel case when the document gives none. */
  readonly id: string;
  readonly idGiven: boolean;
  /** Lower case. */
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly parameters: readonly HttpParameter[];
  readonly requestBody?: { readonly required: boolean; readonly bodies: readonly HttpBody[] };
  readonly responses: readonly HttpResponse[];
  /** Names of security schemes; empty = open; undefined = nothing said. */
  readonly security?: readonly string[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly at: Position;
}

/** Version-neutral reading of an OpenAPI 3.0 or 3.1 document. */
export interface OpenApiDocument {
  readonly source: Source;
  readonly version: string;
  readonly title?: string;
  readonly infoVersion?: string;
  /** The provider: from `openapi: {service: file}`, `services[].openapi`, `x-service`, or the file name `<service>.openapi.yaml`. */
  readonly service?: string;
  readonly features: readonly string[];
  readonly servers: readonly string[];
  readonly securitySchemes: Readonly<Record<string, unknown>>;
  readonly operations: readonly HttpOperation[];
  readonly schemas: readonly { readonly name: string; readonly ref: SchemaRef; readonly at: Position }[];
}

export interface Acceptance {
  readonly rule: string;
  readonly subject?: string;
  readonly reason: string;
  /** ISO date, inclusive. */
  readonly until?: string;
  readonly at: Position;
}

/** `broker` and `store` of the workspace file. */
export interface Connection {
  readonly kind: string;
  /** With every `${NAME}` replaced, for commands that run now. */
  readonly url?: string;
  /** As written, for generated services: they replace `${NAME}` where and when they start. */
  readonly urlText?: string;
}

/** seamwright.yaml with every default filled in; a workspace without the file gets the defaults. */
export interface Settings {
  readonly system: string;
  readonly broker: Connection;
  readonly store: Connection;
  /** Brokers that topology files are written for; absent = for `broker.kind`. */
  readonly topology?: readonly string[];
  /** Meshes and gateways that the policies of HTTP calls are written for; absent = none. */
  readonly mesh?: readonly string[];
  /** Absolute output folder; default `<project>/generated/<system>`. */
  readonly output: string;
  /** Absolute folder of hand-written services; default `<project>/services/<system>`. */
  readonly services: string;
  readonly contracts: readonly string[];
  readonly naming: Readonly<Record<string, string>>;
  /** Named default policies, as written. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** CloudEvents attribute -> dotted path in the body. */
  readonly envelope: Readonly<
    Partial<Record<'id' | 'time' | 'op' | 'force' | 'data' | 'sequence' | 'epoch' | 'correlationid', string>>
  >;
  readonly rules: Readonly<Record<string, 'off' | 'info' | 'warning' | 'error'>>;
  readonly accept: readonly Acceptance[];
  readonly breaking: { readonly against?: string };
  /** Absolute folder of replacement templates. */
  readonly templates?: string;
}

export interface Workspace {
  /** Absolute folder that holds seamwright.yaml (or the contracts, when there is none). */
  readonly root: string;
  /** Absolute folder of the nearest package.json above, else the working folder: output paths hang here. */
  readonly project: string;
  readonly settings: Settings;
  readonly settingsSource?: Source;
  readonly services?: ServicesDocument;
  readonly features: readonly FeatureDocument[];
  readonly asyncapi: readonly AsyncApiDocument[];
  readonly openapi: readonly OpenApiDocument[];
  /** Every file read, referenced ones included, by absolute path. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** What a consumer has said, in a Pact file of its own, that it reads, although no schema asks for it. */
export interface PactUse {
  readonly service: string;
  readonly provider: string;
  readonly of:
    | { readonly kind: 'message'; readonly words: string }
    | { readonly kind: 'response'; readonly method: string; readonly path: string; readonly status: string };
  /** Dotted paths of the members of its body, without places in lists. */
  readonly fields: readonly string[];
}
