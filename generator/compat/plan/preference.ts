/** An order out of wishes that may contradict each other: the earlier one counts. Names that are not known are passed over. */
export class Preference {
  readonly pairs: (readonly [string, string])[] = [];
  private readonly after = new Map<string, Set<string>>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.after.set(name, new Set());
  }

  addAll(wishes: Iterable<readonly [string, string]>): void {
    for (const [first, second] of wishes) {
      const known = this.after.get(first);
      if (known === undefined || !this.after.has(second) || first === second || known.has(second)) continue;
      if (this.reaches(second, first)) continue;
      known.add(second);
      this.pairs.push([first, second]);
    }
  }

  private reaches(from: string, to: string): boolean {
    const seen = new Set<string>();
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (name === to) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...(this.after.get(name) ?? []));
    }
    return false;
  }
}
