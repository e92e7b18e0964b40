import type { Model } from '../../model/types.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { distinct, pathSegment } from '../names.js';
import { httpInteractions } from '../pact/http-interactions.js';
import { messageInteractions } from '../pact/message-interactions.js';
import { messageUses } from '../pact/message-use.js';
import { type PactFile, type PactInteraction, pactFile } from '../pact/pact-file.js';
import { catalogueMessages } from '../typescript/catalogue.js';

/**
 * `pacts/<consumer>-<provider>.json`: what one service relies on at another, as a Pact file of version 4. Written from the contracts, so that nobody writes it by
 * hand; that both sides keep it is for the harness, or for any tool that reads Pact, to find out.
 */
export const pacts: Emitter = {
  name: 'pacts',
  summary: 'Pact files of every pair of services',
  *plan(input) {
    const files = pactFiles(input);
    const paths = distinct(files, ({ consumer, provider }) => pathSegment(`${consumer.name}-${provider.name}`));
    for (const file of files) {
      const source = sourceOf(input.model, file);
      yield {
        ...{ base: 'output', path: `pacts/${paths.get(file) ?? ''}.json`, ownership: 'owned', source },
        ...{ emitter: this.name, template: 'verbatim' },
        view: { source, text: `${JSON.stringify(file, null, 2)}\n` },
      };
    }
  },
};

/** One file for each pair, by consumer and then by provider; pairs of which nothing can be said have none. */
export function pactFiles({ model, http }: Pick<EmitInput, 'model' | 'http'>): readonly PactFile[] {
  const found = new Map<string, { consumer: string; provider: string; interactions: PactInteraction[] }>();
  const add = (consumer: string, provider: string, interactions: readonly PactInteraction[]): void => {
    if (consumer === provider || interactions.length === 0) return;
    const key = JSON.stringify([consumer, provider]);
    const pair = found.get(key) ?? { consumer, provider, interactions: [] };
    pair.interactions.push(...interactions);
    found.set(key, pair);
  };
  for (const document of http.documents) {
    for (const facts of document.operations) {
      for (const edges of askers(model, document.document.service, facts.operation.id))
        add(edges[0]?.from ?? '', document.document.service, httpInteractions(document, facts, edges));
    }
  }
  const uses = messageUses(model);
  const catalogue = uses.length === 0 ? undefined : catalogueMessages(model);
  for (const use of uses) {
    if (catalogue !== undefined) add(use.consumer, use.provider, messageInteractions(model, catalogue, use));
  }
  return [...found.values()]
    .sort((a, b) => compare(a.consumer, b.consumer) || compare(a.provider, b.provider))
    .map(({ consumer, provider, interactions }) => pactFile(consumer, provider, interactions));
}

/** The edges to an operation, those of one caller together. */
function askers(model: Model, provider: string, operation: string) {
  const edges = model.http.filter((edge) => edge.to === provider && edge.operations.some(({ id }) => id === operation));
  return [...new Set(edges.map(({ from }) => from))].map((from) => edges.filter((edge) => edge.from === from));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The contract of the provider tells most of it. */
function sourceOf(model: Model, { provider }: PactFile): string {
  return model.services.get(provider.name)?.at.file ?? [...model.features.values()][0]?.at.file ?? model.system;
}
