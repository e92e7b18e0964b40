import semver from 'semver';

/**
 * A range that admits `version`, in the words of the one before: `^1.2.0` -> `^2.0.0`, `>=1.0.0 <2` -> `>=2.0.0 <3`, `1.x` -> `2.x`. Alternatives
 * (`||`) are kept and get one more. What has no upper bound stays as it is, since it admits every later version.
 */
export function raisedRange(range: string, version: string): string {
  if (semver.satisfies(version, range, { includePrerelease: true })) return range;
  const written = range.trim();
  const major = semver.major(version);
  const minor = semver.minor(version);
  if (written.includes('||')) return `${written} || ${bounded(version)}`;
  if (/^[\^~]\s*v?\d/.test(written)) return `${written[0]}${version}`;
  if (/^=?\s*v?\d+\.\d+\.\d+/.test(written) && !/\s/.test(written)) return version;
  if (/^v?\d+(\.[xX*])*$/.test(written)) return written.replace(/\d+/, String(major));
  if (/^v?\d+\.\d+(\.[xX*])?$/.test(written)) return written.replace(/\d+\.\d+/, `${major}.${minor}`);
  // The upper bound keeps its length: `<2`, `<2.0`, `<2.0.0`.
  const upper = /<\s*(\d+(?:\.\d+)*)\s*$/.exec(written)?.[1];
  if (upper === undefined) return bounded(version);
  const next = nextBreak(version).split('.');
  const length = Math.max(upper.split('.').length, major === 0 ? 2 : 1);
  return `>=${version} <${next.slice(0, length).join('.')}`;
}

function bounded(version: string): string {
  return `>=${version} <${nextBreak(version)}`;
}

function nextBreak(version: string): string {
  const major = semver.major(version);
  return major > 0 ? `${major + 1}.0.0` : `0.${semver.minor(version) + 1}.0`;
}
