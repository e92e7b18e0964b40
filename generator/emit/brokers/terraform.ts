/**
 * Terraform in its JSON syntax (https://developer.hashicorp.com/terraform/language/syntax/json): what a contract says stays data, and any JSON parser can tell whether the
 * file is whole.
 */

/** Text that Terraform takes as it is, with no expression in it. */
export function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}

/** An expression, such as a reference to another resource. */
export function reference(expression: string): string {
  return `\${${expression}}`;
}

/** Blocks of one type by name; undefined when there are none, since Terraform refuses an empty type. */
export function blocks<T>(
  entries: readonly (readonly [name: string, body: T])[],
): Readonly<Record<string, T>> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
