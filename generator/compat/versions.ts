import semver from 'semver';
import type { Finding } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';
import type { Model } from '../model/types.js';

/** One place that says a version. */
export interface VersionLine {
  readonly kind: 'feature' | 'service' | 'document';
  readonly name: string;
  readonly version: string;
  readonly at: Position;
}

/** One range and what it is held against. */
export interface RangeLine {
  readonly consumer: string;
  readonly provider: string;
  readonly range: string;
  /** Of the provider; undefined when nobody says it. */
  readonly version?: string;
  /** Undefined when the range or the version cannot be read. */
  readonly holds?: boolean;
  readonly at: Position;
}

export interface Versions {
  readonly lines: readonly VersionLine[];
  readonly ranges: readonly RangeLine[];
  /** `version-mismatch`: two places say different versions of one thing, or a range does not admit the version. */
  readonly findings: readonly Finding[];
}

/** Every version that the files of a system say, and where they disagree. Documents are given, since a model does not know their versions. */
export function versionsOf(model: Model, documents: readonly VersionLine[]): Versions {
  const features = [...model.features.values()].flatMap((feature): readonly VersionLine[] => [
    ...line('feature', feature.name, feature.version, feature.at),
    ...feature.serviceFiles.flatMap((file) => line('feature', feature.name, file.version, file.at)),
  ]);
  const services = [...model.services.values()].flatMap((service) => {
    const said = service.mentions.flatMap(({ version, at }) => line('service', service.name, version, at));
    return said.length > 0 ? said : line('service', service.name, service.version, service.at);
  });
  const lines = [...features, ...services, ...documents];
  const ranges = model.dependencies.flatMap(({ consumer, provider, range, at }): readonly RangeLine[] => {
    if (range === undefined) return [];
    const version = model.services.get(provider)?.version;
    const readable = version !== undefined && semver.valid(version) !== null && semver.validRange(range) !== null;
    const holds = readable ? semver.satisfies(version, range, { includePrerelease: true }) : undefined;
    return [
      {
        consumer,
        provider,
        range,
        ...(version === undefined ? {} : { version }),
        ...(holds === undefined ? {} : { holds }),
        at,
      },
    ];
  });
  return {
    lines,
    ranges,
    findings: [...disagreeing(lines), ...ranges.filter(({ holds }) => holds === false).map(unsatisfied)],
  };
}

function line(
  kind: VersionLine['kind'],
  name: string,
  version: string | undefined,
  at: Position,
): readonly VersionLine[] {
  return version === undefined ? [] : [{ kind, name, version, at }];
}

function disagreeing(lines: readonly VersionLine[]): readonly Finding[] {
  const firsts = new Map<string, VersionLine>();
  return lines.flatMap((each): readonly Finding[] => {
    const key = `${each.kind}:${each.name}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, each);
    if (first === undefined || first.version === each.version) return [];
    return [
      {
        rule: 'version-mismatch',
        severity: 'error',
        message: `${each.kind} "${each.name}" is at ${each.version} here and at ${first.version} elsewhere.`,
        at: each.at,
        subject: key,
        related: [{ at: first.at, message: `here it is at ${first.version}` }],
        fix: 'say it once, or the same in both places.',
      },
    ];
  });
}

function unsatisfied({ consumer, provider, range, version, at }: RangeLine): Finding {
  return {
    rule: 'version-mismatch',
    severity: 'error',
    message: `"${consumer}" needs "${provider}" in "${range}", but "${provider}" is at ${version}.`,
    at,
    subject: `dependency:${consumer}->${provider}`,
    fix: `raise "${provider}", or widen the range once "${consumer}" works with ${version}.`,
  };
}
