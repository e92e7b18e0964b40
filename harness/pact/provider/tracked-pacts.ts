import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PactInteraction } from '../../../generator/emit/pact/pact-file.js';
import { type ReadPact, titleOf } from '../read-pacts.js';

/** Marks requests and states with the interaction that they belong to. */
export const trackHeader = 'x-seamwright-interaction';
export const trackParam = 'seamwright:interaction';

export interface TrackedInteraction {
  readonly id: string;
  readonly title: string;
  readonly consumer: string;
  readonly interaction: PactInteraction;
}

/** Copies of Pact files in which every interaction can be told from every other one, whatever the files call them. */
export interface TrackedPacts {
  readonly files: readonly string[];
  readonly interactions: ReadonlyMap<string, TrackedInteraction>;
  remove(): void;
}

/** Written to a temporary folder; files without interactions are left out. */
export function trackPacts(pacts: readonly ReadPact[]): TrackedPacts {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-pacts-'));
  const interactions = new Map<string, TrackedInteraction>();
  const files = pacts.flatMap(({ file }, index) => {
    if (file.interactions.length === 0) return [];
    const tracked = file.interactions.map((interaction, place) => {
      const id = `i${index}x${place}`;
      const title = titleOf(file, interaction.description);
      interactions.set(id, { id, title, consumer: file.consumer.name, interaction });
      return marked(interaction, id);
    });
    const path = join(folder, `${index}.json`);
    writeFileSync(path, JSON.stringify({ ...file, interactions: tracked }));
    return [path];
  });
  return { files, interactions, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function marked(interaction: PactInteraction, id: string): object {
  const states = interaction.providerStates ?? [];
  const providerStates = states.map(({ name, params }) => ({ name, params: { ...params, [trackParam]: id } }));
  const own = { ...interaction, key: id, description: id, pending: false, providerStates };
  if (interaction.type !== 'Synchronous/HTTP') return own;
  const { request } = interaction;
  return { ...own, request: { ...request, headers: { ...request.headers, [trackHeader]: [id] } } };
}
