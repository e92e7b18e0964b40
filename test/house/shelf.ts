/** A folder of siblings and the registry that lists them. */
export interface Shelf {
  readonly name: string;
  /** Base names of the sibling files, without extension. */
  readonly files: readonly string[];
  /** What the registry lists, by the file name that each member must have. */
  readonly members: readonly string[];
  /** Files that are parts of a member, not members. */
  readonly parts?: readonly string[];
}

/** Siblings that nobody runs, members listed twice, members without a file of their name. */
export function shelfBreaches({ name, files, members, parts = [] }: Shelf): readonly string[] {
  const listed = new Set(members);
  return [
    ...files
      .filter((file) => !listed.has(file) && !parts.includes(file))
      .map((file) => `${name}: "${file}" is not registered`),
    ...members
      .filter((member, at) => members.indexOf(member) !== at)
      .map((member) => `${name}: "${member}" is listed twice`),
    ...[...listed]
      .filter((member) => !files.includes(member))
      .map((member) => `${name}: "${member}" has no file of its name`),
    ...parts
      .filter((part) => !files.includes(part))
      .map((part) => `${name}: part "${part}" is gone; strike it from the list`),
  ];
}
