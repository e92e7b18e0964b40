import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PactFile, PactInteraction } from '../../generator/emit/pact/pact-file.js';
import { failure, type PactFailure } from './pact-result.js';

/** The Pact files of a folder that somebody relies on, and what forbids to rely on them. */
export interface PactsRead {
  readonly pacts: readonly ReadPact[];
  /** What would let a verification pass without having proven anything. */
  readonly failures: readonly PactFailure[];
}

export interface ReadPact {
  readonly path: string;
  readonly file: PactFile;
}

/**
 * Reads the files in which `service` is `role`. A file without interactions, a pending interaction, one of a kind that nobody puts to the test and a file that cannot be
 * read are failures: Pact itself passes them.
 */
export function readPacts(folder: string, role: 'consumer' | 'provider', service: string): PactsRead {
  const pacts: ReadPact[] = [];
  const failures: PactFailure[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const file = parsePact(readFileSync(path, 'utf8'));
    if (file === undefined) {
      failures.push(failure(name, `${name} is no Pact file of version 4; run seamwright generate, or remove it`));
      continue;
    }
    if (file[role].name !== service) continue;
    pacts.push({ path, file });
    failures.push(...emptiness(file));
  }
  return { pacts, failures };
}

/** How an interaction is called in what people read. */
export function titleOf({ consumer, provider }: Pick<PactFile, 'consumer' | 'provider'>, description: string): string {
  return `${consumer.name} -> ${provider.name}: ${description}`;
}

function emptiness(file: PactFile): readonly PactFailure[] {
  const whole = titleOf(file, 'the whole file');
  if (file.interactions.length === 0) return [failure(whole, 'the file has no interactions, so it proves nothing')];
  return file.interactions.flatMap((interaction) => {
    const title = titleOf(file, interaction.description);
    const pending: unknown = interaction.pending;
    if (pending === true)
      return [failure(title, 'the interaction is pending, so Pact would let it fail; remove "pending" from the file')];
    if (!kinds.has(interaction.type))
      return [failure(title, `interactions of the kind "${String(interaction.type)}" are not put to the test`)];
    return [];
  });
}

const kinds: ReadonlySet<string> = new Set<PactInteraction['type']>(['Synchronous/HTTP', 'Asynchronous/Messages']);

/** A Pact file, or undefined for what is none. Only what we read is looked at; the rest is for the verifier to judge. */
export function parsePact(text: string): PactFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const named = (part: unknown): boolean => isObject(part) && typeof part.name === 'string';
  if (!isObject(value) || !named(value.consumer) || !named(value.provider) || !Array.isArray(value.interactions))
    return undefined;
  const sound = value.interactions.every(
    (each: unknown) =>
      isObject(each) && typeof each.description === 'string' && typeof each.type === 'string' && hasParts(each),
  );
  return sound ? (value as unknown as PactFile) : undefined;
}

function hasParts(interaction: Readonly<Record<string, unknown>>): boolean {
  if (interaction.type === 'Synchronous/HTTP') return isObject(interaction.request) && isObject(interaction.response);
  return interaction.type !== 'Asynchronous/Messages' || isObject(interaction.contents);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
