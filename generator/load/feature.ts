import { basename, dirname } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import type { FeatureDocument, Source } from './documents.js';
import { checkLanguage } from './language.js';
import { child, children, type Mapping, type Place, rootOf, textAt } from './place.js';

/** A feature file that keeps the language schema, or what is wrong with it. */
export function readFeature(source: Source): {
  readonly feature?: FeatureDocument;
  readonly findings: readonly Finding[];
} {
  const findings = [...checkLanguage(source, 'feature')];
  if (findings.length > 0) return { findings };
  const dir = dirname(source.path);
  const feature = { source, dir, folder: basename(dir), value: source.value as Mapping };
  return { feature, findings: duplicateServices(source) };
}

/** `services:` as a list may name one service twice, which the mapping form cannot. */
function duplicateServices(source: Source): readonly Finding[] {
  const services = child(rootOf(source), 'services');
  if (services === undefined || !Array.isArray(services.value)) return [];
  return duplicates(
    children(services).map(([, item]) => ({ name: textAt(item, 'name'), place: child(item, 'name') ?? item })),
    'service',
  );
}

/** Two shared features with one name. A per-service file (`service:`) carries the name of the feature that it narrows. */
export function duplicateFeatures(features: readonly FeatureDocument[]): readonly Finding[] {
  const shared = features.filter((feature) => feature.value.service === undefined);
  return duplicates(
    shared.map((feature) => {
      const root = rootOf(feature.source);
      return { name: textAt(root, 'name') ?? feature.folder, place: child(root, 'name') ?? root };
    }),
    'feature',
  );
}

function duplicates(
  named: readonly { readonly name: string | undefined; readonly place: Place }[],
  noun: string,
): readonly Finding[] {
  const first = new Map<string, Place>();
  const findings: Finding[] = [];
  for (const { name, place } of named) {
    if (name === undefined) continue;
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, place);
      continue;
    }
    findings.push({
      rule: 'load-duplicate-name',
      severity: 'error',
      message: `${noun} "${name}" is declared twice.`,
      at: place.source.at(place.path),
      subject: `${noun}:${name}`,
      fix: `rename one ${noun}, or join the two.`,
      related: [{ at: before.source.at(before.path), message: 'first here' }],
      unreadable: true,
    });
  }
  return findings;
}
