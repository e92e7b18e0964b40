const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces `${NAME}` and `${NAME:-default}`; an unset or empty variable without a default becomes nothing. */
export function expandEnvironment(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(REFERENCE, (_, name: string, fallback: string | undefined) => env[name] || (fallback ?? ''));
}
