/** Where the TypeScript of a message lives. Paths are relative to the output folder, without extension. */
export interface MessageTypes {
  readonly typeName: string;
  readonly module: string;
  readonly validator: string;
  readonly validatorModule: string;
}

/** Names that the message emitter has given, for emitters that refer to them. */
export interface TypeIndex {
  message(name: string): MessageTypes | undefined;
}

/** Where the TypeScript of a provider's OpenAPI document lives. */
export interface HttpTypeIndex {
  /** Module of `paths` and `operations`, relative to the output folder, without extension. */
  module(service: string, document: string): string | undefined;
}
