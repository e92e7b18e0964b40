import semver from 'semver';
import type { Finding } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';
import type { Dependency } from '../model/types.js';
import type { Judgement, Level } from './judgement.js';

/** Something with a version of its own, on both sides. */
export interface Versioned {
  readonly kind: 'feature' | 'document' | 'service';
  /** Name of the feature or service; path of the document as people see it. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Where the version stands now. */
  readonly at: Position;
  /** Of a service that is no more than what features share: those features. A change of theirs is a change of it. */
  readonly carries?: readonly string[];
}

/** The smallest version that tells the truth about a change. */
export interface Bump {
  readonly kind: Versioned['kind'];
  readonly name: string;
  readonly level: Level;
  readonly from: string;
  readonly to: string;
  /** What is written now. */
  readonly is: string;
  /** `is` says at least as much as `to`. */
  readonly done: boolean;
  /** Ids of the rules that ask for the level. */
  readonly because: readonly string[];
  /** False when only something unproven, or accepted, asks for it. */
  readonly insisted: boolean;
  readonly at: Position;
  /** Ranges of consumers that admit `from` and not `to`: who falls out. */
  readonly leaves: readonly Dependency[];
}

const RANK: Readonly<Record<Level, number>> = { patch: 0, minor: 1, major: 2 };

/**
 * The bump of every feature, document and service that a change concerns, features first, each by name.
 *
 * A feature takes the highest level of its judgements, a document that of the judgements that lie in it, a service that of the judgements whose contract
 * it provides (it takes part and is not the one who is hit); who is hit has to ship
 * as well, which is a patch of his. What is unproven counts as major, unless waived; an accepted break is still major.
 * Versions that are no semantic versions are not judged.
 */
export function bumpsOf(
  versioned: readonly Versioned[],
  judgements: readonly Judgement[],
  insisting: ReadonlySet<Judgement>,
  dependencies: readonly Dependency[],
): readonly Bump[] {
  return versioned
    .flatMap((item): readonly Bump[] => {
      const mine = judgements.filter((judgement) => concerns(judgement, item));
      const hit = item.kind === 'service' ? judgements.filter((judgement) => isHit(judgement, item.name)) : [];
      // Who is hit has to ship, too: a version of its own says that it did.
      const level = highest(mine) ?? (hit.length > 0 ? 'patch' : undefined);
      if (level === undefined || semver.valid(item.before) === null || semver.valid(item.after) === null) return [];
      const top = level === 'patch' ? [...mine, ...hit] : mine.filter((judgement) => judgement.level === level);
      const { kind, name, before: from, after: is, at } = item;
      const to = raised(from, level);
      return [
        {
          kind,
          name,
          level,
          from,
          to,
          is,
          done: semver.gte(is, to),
          because: [...new Set(top.map((judgement) => judgement.rule))].sort(),
          insisted: level === 'major' && top.some((judgement) => insisting.has(judgement)),
          at,
          leaves: isProvider(item, versioned)
            ? dependencies.filter((dependency) => leaves(dependency, name, from, to))
            : [],
        },
      ];
    })
    .sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

/** The next version that says `level`. Below 1.0.0 the second number stands for breaks and the third for the rest, as ranges read it. */
export function raised(from: string, level: Level): string {
  const settled = semver.major(from) > 0;
  const part = settled ? level : level === 'major' ? 'minor' : 'patch';
  return semver.inc(from, part) ?? from;
}

/** `version-not-bumped` and `version-range-left`. */
export function versionFindings(bumps: readonly Bump[]): readonly Finding[] {
  return bumps.flatMap((bump) => {
    const consumers = [...new Set(bump.leaves.map(({ consumer }) => consumer))].sort();
    return [...notBumped(bump), ...consumers.flatMap((consumer) => rangeLeft(bump, consumer))];
  });
}

function notBumped(bump: Bump): readonly Finding[] {
  const { kind, name, from, to, is, at, because, level } = bump;
  // A minor step that was forgotten misleads nobody: no range takes it for granted.
  if (bump.done || level !== 'major') return [];
  const now = is === from ? `is still ${is}` : `is ${is}`;
  return [
    {
      rule: 'version-not-bumped',
      severity: bump.insisted && kind === 'feature' ? 'error' : 'warning',
      message: `${kind} "${name}" ${now}, and the change (${because.join(', ')}) makes it ${to}.`,
      at,
      subject: `${kind}:${name}`,
      fix: `run "seamwright bump", or write version: ${to}.`,
    },
  ];
}

/** Once for each consumer, however many features say what it needs. */
function rangeLeft({ name, from, to, leaves }: Bump, consumer: string): readonly Finding[] {
  const [first, ...others] = leaves.filter((dependency) => dependency.consumer === consumer);
  if (first === undefined) return [];
  return [
    {
      rule: 'version-range-left',
      severity: 'warning',
      message: `"${consumer}" needs "${name}" in "${first.range}": that admits ${from}, and not ${to}, which this change makes of it.`,
      at: first.at,
      subject: `dependency:${consumer}->${name}`,
      fix: `let "${consumer}" work with ${to}, then widen the range.`,
      ...(others.length === 0 ? {} : { related: others.map(({ at }) => ({ at, message: 'and here' })) }),
    },
  ];
}

function concerns(judgement: Judgement, { kind, name, carries = [] }: Versioned): boolean {
  if (kind === 'feature') return judgement.features.includes(name);
  if (kind === 'document')
    return judgement.at.file === name || (judgement.related ?? []).some((place) => place.at.file === name);
  if (carries.some((feature) => judgement.features.includes(feature))) return true;
  // Who asks for a version changes, not who has it.
  if (judgement.subject.startsWith('dependency:')) return false;
  const takesPart = judgement.writers.includes(name) || judgement.readers.includes(name);
  return takesPart && !judgement.affected.some(({ service }) => service === name);
}

function isHit({ verdict, affected, subject }: Judgement, name: string): boolean {
  if (verdict !== 'breaking' && verdict !== 'unknown') return false;
  return !subject.startsWith('dependency:') && affected.some(({ service }) => service === name);
}

function highest(judgements: readonly Judgement[]): Level | undefined {
  return judgements
    .map((judgement) => judgement.level)
    .sort((a, b) => RANK[b] - RANK[a])
    .at(0);
}

/** Ranges ask for versions of services; what features share has the version of the feature. */
function isProvider({ kind, name }: Versioned, versioned: readonly Versioned[]): boolean {
  if (kind !== 'feature') return kind === 'service';
  return !versioned.some((other) => other.kind === 'service' && other.name === name);
}

function leaves({ provider, range }: Dependency, name: string, from: string, to: string): boolean {
  if (provider !== name || range === undefined || semver.validRange(range) === null) return false;
  const admits = (version: string): boolean => semver.satisfies(version, range, { includePrerelease: true });
  return admits(from) && !admits(to);
}

function order({ kind }: Bump): number {
  return ['feature', 'document', 'service'].indexOf(kind);
}
