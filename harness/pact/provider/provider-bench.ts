import type { MessageInteraction, PactInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { Subject } from '../../subject.js';
import { failure, type PactFailure } from '../pact-result.js';
import type { RunningSubject, RunOptions } from '../running-subject.js';
import { FreshWorld } from './fresh-world.js';
import { openGateway } from './gateway.js';
import { type Produced, produceMessage } from './produce-message.js';
import { providerContract } from './provider-contract.js';
import { type Reached, reachState } from './provider-states.js';
import { startVerifier } from './run-verifier.js';
import type { StateHandlers } from './state-handlers.js';
import { type TrackedInteraction, trackHeader, trackParam } from './tracked-pacts.js';
import { readFindings, type VerifierFindings } from './verifier-findings.js';

export interface ProviderOptions extends RunOptions {
  /** Folder of the Pact files. */
  readonly pacts: string;
  readonly states?: StateHandlers;
}

/** Requests and messages are told apart in results. */
export type Kind = 'http' | 'messages';

export function kindOf(type: string): Kind {
  return type === 'Synchronous/HTTP' ? 'http' : 'messages';
}

interface State extends Omit<Reached, 'values'> {
  /** How many messages had left before. */
  readonly since: number;
  readonly failed?: string;
}

/** Statuses that tell of what the provider holds, not of a request that it cannot read. */
const aboutStates: ReadonlySet<number> = new Set([402, 404, 409, 410, 412, 422, 423]);

/** The service under test with everything that is known of it while the verifier asks. */
export class ProviderBench {
  private readonly contract;
  private readonly states = new Map<string, State>();
  private readonly problems = new Map<string, PactFailure[]>();
  private readonly asked = new Set<string>();
  private readonly produced = new Map<string, Produced['by']>();
  /** Why no message came, by interaction. */
  private readonly broken = new Map<string, string>();
  private readonly refused = new Set<string>();
  private readonly unshown = new Set<string>();

  constructor(
    private readonly subject: Subject,
    private readonly options: ProviderOptions,
    private readonly interactions: ReadonlyMap<string, TrackedInteraction>,
  ) {
    this.contract = providerContract(subject.model, subject.name);
  }

  async verify(files: readonly string[]): Promise<readonly PactFailure[]> {
    const verifier = startVerifier();
    const world = new FreshWorld(this.subject, this.options);
    try {
      await world.running();
      const gateway = await openGateway({
        state: async (name, params) => this.reach(await world.runningFor(this.interactionOf(params)), name, params),
        message: async (id) => this.produce(await world.running(), id),
        request: async (request) => this.answer(await world.running(), request),
      });
      try {
        const all = [...this.interactions.values()];
        const { text } = await verifier.verify({
          ...{ provider: this.subject.name, baseUrl: gateway.url, callbackUrl: `${gateway.url}/_pact`, files },
          states: [
            ...new Set(all.flatMap(({ interaction }) => (interaction.providerStates ?? []).map(({ name }) => name))),
          ],
          messages: all.filter(({ interaction }) => kindOf(interaction.type) === 'messages').map(({ id }) => id),
        });
        const findings = readFindings(text, this.interactions);
        if (findings === undefined) return [failure('the verifier', `Pact's verifier failed: ${text.slice(0, 1000)}`)];
        return all.flatMap((tracked) => this.judge(tracked, findings));
      } finally {
        await gateway.close();
      }
    } catch (error) {
      return [failure(this.subject.name, `it could not be verified: ${messageOf(error)}`)];
    } finally {
      verifier.stop();
      await world.stop();
    }
  }

  /** What nobody fails for, but somebody may want to know. */
  notes(kind: Kind): readonly string[] {
    if (kind === 'http') {
      const count = this.unshown.size;
      return count === 0 ? [] : [`${count} of them with what is optional left out, since no state shows it`];
    }
    const count = [...this.produced.values()].filter((by) => by === 'producer').length;
    return count === 0 ? [] : [`${count} of them raised with the contract's example, since no operation raises them`];
  }

  private interactionOf(params: Readonly<Record<string, unknown>>): PactInteraction | undefined {
    return this.interactions.get(String(params[trackParam]))?.interaction;
  }

  private async reach(
    running: RunningSubject,
    name: string,
    given: Readonly<Record<string, unknown>>,
  ): Promise<object> {
    const { [trackParam]: id, ...params } = given;
    const tracked = this.interactions.get(String(id));
    if (tracked === undefined) return {};
    const since = running.sent.length;
    try {
      const { own, promised, values } = await reachState(name, params, {
        ...{ interaction: tracked.interaction, consumer: tracked.consumer, contract: this.contract, running },
        ...{ handlers: this.options.states ?? {}, subject: this.subject },
      });
      this.states.set(tracked.id, { own, promised, since });
      return values;
    } catch (error) {
      this.states.set(tracked.id, { own: true, promised: true, since, failed: `state "${name}": ${messageOf(error)}` });
      return params;
    }
  }

  private async produce(running: RunningSubject, id: string): Promise<object> {
    const tracked = this.interactions.get(id);
    if (tracked === undefined) return {};
    const interaction = tracked.interaction as MessageInteraction;
    const state = this.states.get(id);
    this.asked.add(id);
    try {
      const { payload, metadata, by } = await produceMessage({
        ...{ interaction, consumer: tracked.consumer, contract: this.contract, running },
        subject: this.subject,
        since: state?.own === true ? state.since : undefined,
      });
      this.produced.set(id, by);
      const name = interaction.comments?.seamwright?.message ?? metadata['ce-type'] ?? '';
      this.report(tracked, this.contract.messageProblems(name, payload), payload);
      return { payload, metadata };
    } catch (error) {
      this.broken.set(id, messageOf(error));
      return { payload: null, metadata: {} };
    }
  }

  private async answer(running: RunningSubject, request: Request): Promise<Response> {
    const id = request.headers.get(trackHeader) ?? '';
    const tracked = this.interactions.get(id);
    if (tracked === undefined) return new Response(null, { status: 404 });
    this.asked.add(id);
    request.headers.delete(trackHeader);
    const answered = await running.ask(tracked.consumer, request);
    const body = new Uint8Array(await answered.arrayBuffer());
    const { interaction } = tracked;
    const operation = this.contract.operation(interaction.comments?.seamwright?.operation);
    const type = answered.headers.get('content-type') ?? '';
    if (operation !== undefined) {
      if (aboutStates.has(answered.status)) this.refused.add(id);
      const problems = this.contract.answerProblems(operation, answered.status, type, body);
      this.report(tracked, problems, new TextDecoder().decode(body));
    }
    const headers = new Headers(answered.headers);
    headers.delete('content-length');
    const empty = [204, 205, 304].includes(answered.status);
    return new Response(empty ? null : body, { status: answered.status, headers });
  }

  private report(
    tracked: TrackedInteraction,
    problems: readonly { path: string; sentence: string }[],
    actual: unknown,
  ): void {
    if (problems.length === 0) return;
    this.problems.set(
      tracked.id,
      problems.map(({ path, sentence }) => failure(tracked.title, `${sentence}, as its schema says`, { path, actual })),
    );
  }

  /** A state that was not reached explains everything after it. A schema is told before a mismatch: it says more. */
  private judge(tracked: TrackedInteraction, { looked, mismatches }: VerifierFindings): readonly PactFailure[] {
    const { id, title, interaction } = tracked;
    const state = this.states.get(id);
    const broken = state?.failed ?? this.broken.get(id);
    if (broken !== undefined) return [failure(title, broken)];
    if (!looked.has(id) || !this.asked.has(id))
      return [failure(title, 'Pact passed over it; remove the filters of its environment variables')];
    const problems = this.problems.get(id) ?? [];
    const found = mismatches.get(id) ?? [];
    const isOptional = (interaction.comments?.seamwright?.variant ?? 'required') !== 'required';
    const isValid = problems.length === 0 && found.length > 0;
    if (isValid && isOptional && state?.promised !== true && (this.refused.has(id) || found.every(isAboutBody))) {
      // What is optional may be left out, and what it refers to may have to be there: only a state of this very name could promise it.
      this.unshown.add(id);
      return [];
    }
    return [...problems, ...found];
  }
}

/** A mismatch of a member of the body: statuses and headers have other paths. */
function isAboutBody({ path }: PactFailure): boolean {
  return path.startsWith('$');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
