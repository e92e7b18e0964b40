import type { HttpInteraction } from '../../../generator/emit/pact/pact-file.js';
import { HttpStatusError } from '../../../runtime/http/errors.js';
import { equals } from '../../../runtime/values.js';
import type { Subject } from '../../subject.js';
import { failure, type PactFailure, type PactScenarioResult, resultOf, skipped } from '../pact-result.js';
import { type Gateway, openGateway } from '../provider/gateway.js';
import { providerContract } from '../provider/provider-contract.js';
import { type PactsRead, titleOf } from '../read-pacts.js';
import { type ClientFactory, clientRequest, loadClients } from './call-client.js';
import { matchRequest, type SentRequest } from './match-request.js';

const scenario = 'pact-consumer-http';

/** Has the generated client of a consumer ask for every interaction: it must send what was agreed and understand the agreed answer. `output`: the generated folder. */
export async function verifyConsumerHttp(
  subject: Subject,
  output: string,
  read: PactsRead,
): Promise<PactScenarioResult> {
  const asked = read.pacts.filter(({ file }) => file.interactions.some(isHttp));
  if (asked.length === 0) return skipped(scenario, 'it asks nobody');
  const clients = await loadClients(output, subject.name);
  if (clients === undefined) return skipped(scenario, 'it has no generated clients; run seamwright generate');
  const provider = await openProvider();
  const failures: PactFailure[] = [];
  let count = 0;
  try {
    for (const { file } of asked) {
      const contract = providerContract(subject.model, file.provider.name);
      for (const interaction of file.interactions.filter(isHttp)) {
        count++;
        const title = titleOf(file, interaction.description);
        const operation = contract.operation(interaction.comments?.seamwright?.operation);
        if (operation === undefined) failures.push(failure(title, 'it names no operation of the contract'));
        else
          failures.push(
            ...(await converse({ title, interaction, operation, clients, provider, name: file.provider.name })),
          );
      }
    }
  } finally {
    await provider.close();
  }
  return resultOf(scenario, count, failures);
}

function isHttp(interaction: { readonly type: string }): interaction is HttpInteraction {
  return interaction.type === 'Synchronous/HTTP';
}

interface Conversation {
  readonly title: string;
  readonly interaction: HttpInteraction;
  readonly operation: NonNullable<ReturnType<ReturnType<typeof providerContract>['operation']>>;
  readonly clients: ClientFactory;
  readonly provider: ScriptedProvider;
  readonly name: string;
}

async function converse({
  title,
  interaction,
  operation,
  clients,
  provider,
  name,
}: Conversation): Promise<readonly PactFailure[]> {
  const client = clients(name, `${provider.url}${operation.basePath}`);
  const method = client?.[operation.facts.name];
  if (method === undefined)
    return [failure(title, `the generated client of "${name}" has no method ${operation.facts.name}`)];
  provider.play(interaction);
  let outcome: Outcome;
  try {
    outcome = { value: await method(clientRequest(operation, interaction)) };
  } catch (error) {
    outcome = { error };
  }
  const [first] = provider.sent;
  if (first === undefined) return [failure(title, `the client sent nothing: ${reasonOf(outcome)}`)];
  const mismatches = matchRequest(interaction, first).map((each) =>
    failure(title, each.sentence, { path: each.path, expected: each.expected, actual: each.actual }),
  );
  return [...mismatches, ...misunderstanding(title, interaction, outcome)];
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** A success gives its body; a failure gives null where the contract says so, a fallback where the policy does, and is thrown with its status otherwise. */
function misunderstanding(title: string, { response }: HttpInteraction, outcome: Outcome): readonly PactFailure[] {
  const { status, body } = response;
  if (status >= 400) {
    if ('value' in outcome || (outcome.error instanceof HttpStatusError && outcome.error.status === status)) return [];
    return [failure(title, `the client does not understand ${status}: ${reasonOf(outcome)}`, { expected: status })];
  }
  if ('error' in outcome)
    return [failure(title, `the client refuses the agreed answer: ${reasonOf(outcome)}`, { expected: body?.content })];
  if (body === undefined || equals(outcome.value, body.content)) return [];
  return [
    failure(title, 'the client gives something else than it was answered', {
      path: '$',
      expected: body.content,
      actual: outcome.value,
    }),
  ];
}

function reasonOf(outcome: Outcome): string {
  if ('value' in outcome) return 'it answered by itself';
  return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

/** Answers every request with what one interaction shows. */
interface ScriptedProvider extends Gateway {
  readonly sent: readonly SentRequest[];
  play(interaction: HttpInteraction): void;
}

async function openProvider(): Promise<ScriptedProvider> {
  let playing: HttpInteraction | undefined;
  let sent: SentRequest[] = [];
  const gateway = await openGateway({
    state: async () => ({}),
    message: async () => ({}),
    async request(request) {
      sent.push({
        method: request.method,
        url: new URL(request.url),
        headers: request.headers,
        body: await request.text(),
      });
      return answerOf(playing);
    },
  });
  return {
    ...gateway,
    get sent() {
      return sent;
    },
    play(interaction) {
      playing = interaction;
      sent = [];
    },
  };
}

function answerOf(interaction: HttpInteraction | undefined): Response {
  if (interaction === undefined) return new Response(null, { status: 500 });
  const { status, headers = {}, body } = interaction.response;
  const all = Object.entries(headers).map(([name, values]): [string, string] => [name, values.join(', ')]);
  return new Response(body === undefined ? null : JSON.stringify(body.content), { status, headers: all });
}
