import process from 'node:process';

/**
 * Runs Pact's own verifier, apart from the process that asks: its native part prints to standard output whatever one tells it. `runVerifier` starts it, sends one
 * `VerifierTask` and gets one `VerifierReport`.
 */
export interface VerifierTask {
  readonly provider: string;
  readonly baseUrl: string;
  readonly files: readonly string[];
  /** Names of states and descriptions of messages in the files: a handler stands for each, so that Pact passes over none. */
  readonly states: readonly string[];
  readonly messages: readonly string[];
  /** Where states are reached (`POST /state`) and messages are asked for (`POST /message`). */
  readonly callbackUrl: string;
}

/** `text` is the JSON that Pact tells of a verification, else why there was none. */
export interface VerifierReport {
  readonly text: string;
}

const loading = import('@pact-foundation/pact');
loading.catch(() => {});

process.once('message', (task: VerifierTask) => {
  verify(task)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    .then((text) => process.send?.({ text } satisfies VerifierReport, () => process.disconnect()));
});

/** Rejects with an error whose message is the same JSON when something does not hold. */
async function verify({ provider, baseUrl, files, states, messages, callbackUrl }: VerifierTask): Promise<string> {
  const { Verifier } = await loading;
  const ask = async (path: string, body: object): Promise<Record<string, never>> => {
    const response = await fetch(`${callbackUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Record<string, never>;
  };
  const stateHandlers = states.map((name) => [name, (params?: unknown) => ask('/state', { name, params })] as const);
  const messageProviders = messages.map((name) => {
    const produce = async () => {
      const { payload, metadata = {} } = await ask('/message', { name });
      return { __pactMessageMetadata: metadata, message: payload };
    };
    return [name, produce] as const;
  });
  const options = {
    provider,
    providerBaseUrl: baseUrl,
    pactUrls: [...files],
    logLevel: 'error' as const,
    stateHandlers: Object.fromEntries(stateHandlers),
    messageProviders: Object.fromEntries(messageProviders),
  };
  return new Verifier(options as unknown as ConstructorParameters<typeof Verifier>[0]).verifyProvider();
}
