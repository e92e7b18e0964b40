import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';
import type { FeatureDocument, ServicesDocument, Source } from './documents.js';
import { type DocumentKind, isNamedLike, serviceInFileName } from './kinds.js';
import { child, children, isMapping, type Place, rootOf, textAt } from './place.js';

/** A document that a workspace consists of, and what the files that name it say about it. */
export interface OwnedDocument {
  readonly path: string;
  readonly kind: DocumentKind;
  readonly service: string | undefined;
  /** Paths of the feature files that name it. */
  readonly features: readonly string[];
  /** The first place that names it. */
  readonly at: Position;
}

interface Mention {
  readonly path: string;
  readonly kind: DocumentKind;
  readonly service?: string | undefined;
  readonly feature?: string;
  readonly at: Position;
}

/**
 * Which AsyncAPI and OpenAPI documents there are and whose they are.
 *
 * A document is named by `asyncapi:`/`openapi:` of a feature (text, list, or service -> file), by the entry of a service in a feature or in
 * services.yaml, or by lying beside a feature that names none of its kind (`asyncapi.yaml`, `<service>.openapi.yaml`). `lying` are documents found otherwise.
 */
export function documentOwners(
  features: readonly FeatureDocument[],
  services: ServicesDocument | undefined,
  lying: readonly (readonly [DocumentKind, Source])[],
): { readonly documents: readonly OwnedDocument[]; readonly findings: readonly Finding[] } {
  const mentions = [
    ...features.flatMap(mentionsOf),
    ...(services === undefined
      ? []
      : serviceMentions(child(rootOf(services.source), 'services'), dirname(services.source.path))),
    ...lying.map(([kind, source]): Mention => ({ path: source.path, kind, at: source.at([]) })),
  ];
  const findings: Finding[] = [];
  const documents = new Map<string, OwnedDocument & { serviceAt?: Position }>();
  for (const mention of mentions) {
    const known = documents.get(mention.path);
    const other = known?.service !== undefined && mention.service !== undefined && known.service !== mention.service;
    if (known?.service !== undefined && mention.service !== undefined && other)
      findings.push(twoServices(mention, known.service, known.serviceAt ?? known.at));
    documents.set(mention.path, {
      path: mention.path,
      kind: known?.kind ?? mention.kind,
      service: known?.service ?? mention.service,
      features: [...new Set([...(known?.features ?? []), ...(mention.feature === undefined ? [] : [mention.feature])])],
      at: known?.at ?? mention.at,
      ...(mention.service !== undefined && { serviceAt: known?.serviceAt ?? mention.at }),
    });
  }
  return { documents: [...documents.values()], findings };
}

function mentionsOf(feature: FeatureDocument): readonly Mention[] {
  const root = rootOf(feature.source);
  const owner = textAt(root, 'service');
  const services = child(root, 'services');
  const own = (['asyncapi', 'openapi'] as const).flatMap((kind) => {
    const place = child(root, kind);
    return place === undefined ? neighbours(feature, kind) : referred(place, kind, feature.dir, owner);
  });
  return [...own, ...serviceMentions(services, feature.dir)].map((mention) => ({
    ...mention,
    feature: feature.source.path,
  }));
}

/** The three forms of `asyncapi:` and `openapi:`. */
function referred(place: Place, kind: DocumentKind, dir: string, owner: string | undefined): readonly Mention[] {
  if (typeof place.value === 'string')
    return [{ path: resolve(dir, place.value), kind, service: owner, at: place.source.at(place.path) }];
  return children(place).flatMap(([key, item]) =>
    typeof item.value !== 'string'
      ? []
      : [
          {
            path: resolve(dir, item.value),
            kind,
            service: Array.isArray(place.value) ? owner : key,
            at: item.source.at(item.path),
          },
        ],
  );
}

function serviceMentions(services: Place | undefined, dir: string): readonly Mention[] {
  if (services === undefined) return [];
  return children(services).flatMap(([key, entry]) =>
    (['asyncapi', 'openapi'] as const).flatMap((kind) => {
      const place = child(entry, kind);
      if (place === undefined || typeof place.value !== 'string') return [];
      const service = Array.isArray(services.value) ? textAt(entry, 'name') : key;
      return [{ path: resolve(dir, place.value), kind, service, at: place.source.at(place.path) }];
    }),
  );
}

/** Documents beside a feature file that names none of the kind; documents of its services are named by their entries instead. */
function neighbours(feature: FeatureDocument, kind: DocumentKind): readonly Mention[] {
  if (namesInServices(feature.value.services, kind)) return [];
  return readdirSync(feature.dir)
    .filter((name) => isNamedLike(name, kind) && name !== basename(feature.source.path))
    .sort()
    .map((name) => ({ path: join(feature.dir, name), kind, at: feature.source.at([]) }));
}

function namesInServices(services: unknown, kind: DocumentKind): boolean {
  if (typeof services !== 'object' || services === null) return false;
  return Object.values(services).some((entry) => isMapping(entry) && kind in entry);
}

function twoServices(mention: Mention, first: string, firstAt: Position): Finding {
  return {
    rule: 'load-document-owner',
    severity: 'error',
    message: `the document is named as that of "${first}" and as that of "${mention.service}".`,
    at: mention.at,
    fix: 'give each service a document of its own.',
    related: [{ at: firstAt, message: `here it is that of "${first}"` }],
    unreadable: true,
  };
}

/** The service of a document: as named by features and services.yaml, else its `x-service`, else `<service>.openapi.yaml`. */
export function serviceOf(document: OwnedDocument, source: Source): string | undefined {
  const root = rootOf(source);
  return (
    document.service ??
    textAt(root, 'x-service') ??
    textAt(child(root, 'info'), 'x-service') ??
    serviceInFileName(document.path)
  );
}
