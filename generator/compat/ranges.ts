import semver from 'semver';

/** Ranges of a dependency as changes carry them: one as text, several as a list that all hold; none when nothing is asked. */
export function rangesOf(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((range): range is string => typeof range === 'string');
}

/** Whether a version lies in every range; undefined when a range or the version cannot be read. Pre-releases count. */
export function admits(ranges: readonly string[], version: string | undefined): boolean | undefined {
  if (ranges.length === 0) return true;
  if (version === undefined || semver.valid(version) === null) return undefined;
  if (ranges.some((range) => semver.validRange(range) === null)) return undefined;
  return ranges.every((range) => semver.satisfies(version, range, { includePrerelease: true }));
}

/** Whether every version that the inner ranges admit lies in the outer ones; undefined when a range cannot be read. */
export function within(inner: readonly string[], outer: readonly string[]): boolean | undefined {
  if (outer.length === 0) return true;
  if ([...inner, ...outer].some((range) => semver.validRange(range) === null)) return undefined;
  const joined = joinedRange(inner);
  return outer.every((range) => semver.subset(joined, range, { includePrerelease: true }));
}

/** All of several ranges as one: alternatives of one are combined with those of the next. */
function joinedRange(ranges: readonly string[]): string {
  const alternatives = ranges.map((range) => range.split('||').map((part) => part.trim() || '*'));
  const combined = alternatives.reduce<readonly string[]>(
    (left, right) => left.flatMap((one) => right.map((other) => `${one} ${other}`.trim())),
    [''],
  );
  return combined.join(' || ') || '*';
}

/** Whether the first version is lower than the second; undefined when one cannot be read. */
export function isLower(version: unknown, than: unknown): boolean | undefined {
  const one = typeof version === 'string' ? semver.valid(version) : null;
  const other = typeof than === 'string' ? semver.valid(than) : null;
  return one === null || other === null ? undefined : semver.lt(one, other);
}
