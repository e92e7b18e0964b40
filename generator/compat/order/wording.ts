/** A subject as people say it: `message:EmployeeChanged` -> `EmployeeChanged`, `entity:Employee copy:surveys` -> `Employee (copy surveys)`. */
export function spoken(subject: string): string {
  const [first = '', ...rest] = subject.split(' ');
  const name = first.slice(first.indexOf(':') + 1);
  return rest.length === 0 ? name : `${name} (${rest.map((part) => part.replace(':', ' ')).join(', ')})`;
}

const LISTED_MAX = 4;

/** `a, b, c and 6 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  return more > 1 ? `${names.slice(0, LISTED_MAX).join(', ')} and ${more} more` : names.join(', ');
}
