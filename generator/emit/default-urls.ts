import type { Settings } from '../load/documents.js';

/** What a service connects to unless its environment says otherwise, as written: `${NAME}` stays for the service to replace. */
export interface DefaultUrls {
  readonly brokerUrl?: string;
  readonly databaseUrl?: string;
}

/** Kinds that run in the service's own process: nobody needs to say where they are. */
const embedded = new Set(['memory', 'pglite']);

/** Empty where the runtime's own defaults say the same. A server that nobody gave an address is asked of the environment, by name. */
export function defaultUrls({ broker, store }: Pick<Settings, 'broker' | 'store'>): DefaultUrls {
  const brokerUrl = urlOf(broker, 'memory', 'SEAMWRIGHT_BROKER_URL');
  const databaseUrl = urlOf(store, 'pglite', 'SEAMWRIGHT_DATABASE_URL');
  return { ...(brokerUrl !== undefined && { brokerUrl }), ...(databaseUrl !== undefined && { databaseUrl }) };
}

function urlOf({ kind, urlText }: Settings['broker'], preset: string, variable: string): string | undefined {
  if (urlText !== undefined) return urlText;
  if (kind === preset) return undefined;
  return embedded.has(kind) ? `${kind}:` : `\${${variable}}`;
}
