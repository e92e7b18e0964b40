import type { HttpCatalogue } from './http/catalogue.js';
import type { ValidatorNames } from './http/validator-names.js';

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

/** A provider's OpenAPI document with the names that its types and validators have been given. */
export type TypedDocument = HttpCatalogue & ValidatorNames;

/** What is known of the HTTP operations of all providers, for emitters that refer to them. */
export interface HttpTypeIndex {
  readonly documents: readonly TypedDocument[];
}
