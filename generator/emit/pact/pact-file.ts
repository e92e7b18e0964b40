import { createHash } from 'node:crypto';

/** A contract file of the Pact specification, version 4: what one consumer relies on at one provider. */
export interface PactFile {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
  readonly interactions: readonly PactInteraction[];
  readonly metadata: { readonly pactSpecification: { readonly version: '4.0' } };
}

export type PactInteraction = HttpInteraction | MessageInteraction;

interface Interaction {
  /** Stable as long as the description is; unique in its file. */
  readonly key: string;
  readonly description: string;
  readonly pending: false;
  readonly providerStates: readonly PactState[];
  /** `operation` or `message` of the contract, which variant of it this is, and where it stands. */
  readonly comments: { readonly text: readonly string[]; readonly seamwright: PactSubject };
}

/** What an interaction is about, for our own harness; other tools pass it over. */
export interface PactSubject {
  readonly operation?: string;
  readonly status?: number;
  readonly message?: string;
  /** `required`: only what must be there. `complete`: everything optional, too. `branch`: an alternative of the schema. */
  readonly variant: 'required' | 'complete' | 'branch';
}

export interface HttpInteraction extends Interaction {
  readonly type: 'Synchronous/HTTP';
  readonly request: PactRequest;
  readonly response: PactResponse;
}

export interface MessageInteraction extends Interaction {
  readonly type: 'Asynchronous/Messages';
  readonly contents: PactBody;
  readonly metadata: Readonly<Record<string, string>>;
  readonly matchingRules: MatchingRules;
}

export interface PactState {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface PactRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: PactBody;
  readonly matchingRules?: MatchingRules;
  readonly generators?: Generators;
}

export interface PactResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: PactBody;
  readonly matchingRules?: MatchingRules;
}

export interface PactBody {
  readonly content: unknown;
  readonly contentType: string;
  readonly encoded: false;
}

export type Matcher = { readonly match: string } & Readonly<Record<string, unknown>>;

export interface Rule {
  readonly combine: 'AND' | 'OR';
  readonly matchers: readonly Matcher[];
}

/** By path of the value, such as `$.items[*].id`. */
export type Rules = Readonly<Record<string, Rule>>;

export interface MatchingRules {
  readonly path?: Rule;
  readonly query?: Rules;
  readonly header?: Rules;
  readonly metadata?: Rules;
  readonly body?: Rules;
}

/** A value that the provider's state decides: `${userId}` is what the state handler returns under this name. */
export interface Generator {
  readonly type: 'ProviderState';
  readonly expression: string;
  readonly dataType: 'STRING';
}

export interface Generators {
  readonly path?: Generator;
  readonly query?: Readonly<Record<string, Generator>>;
  readonly header?: Readonly<Record<string, Generator>>;
  readonly body?: Readonly<Record<string, Generator>>;
}

/** Key of an interaction: of its description and the pair, so that neither order nor content changes it. */
export function keyOfInteraction(consumer: string, provider: string, description: string): string {
  return createHash('sha256')
    .update(JSON.stringify([consumer, provider, description]))
    .digest('hex')
    .slice(0, 16);
}

export function pactFile(consumer: string, provider: string, interactions: readonly PactInteraction[]): PactFile {
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions,
    metadata: { pactSpecification: { version: '4.0' } },
  };
}
