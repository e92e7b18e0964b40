import type { Model } from '../../generator/model/types.js';
import type { Clock } from '../../runtime/clock.js';
import { type CallOptions, createClient } from '../../runtime/http/client.js';
import type { CallPolicy } from '../../runtime/http/policy/policy.js';
import { serviceTokens } from '../../runtime/http/service-token.js';
import type { StubOperation } from '../stub/provider.js';
import { Incarnation } from './death.js';
import { identityOf } from './identities.js';
import { callPolicyOf, edgeOf } from './providers/call-policy.js';
import { contractOperation, contractsOf } from './providers/contracts.js';
import type { GroupedRequest } from './providers/request.js';
import { seededRandom } from './random.js';
import { type Call, virtualUrl } from './virtual-http.js';

/** Somebody outside who calls operations, as the client does that the contract gives it. */
type Client = Readonly<Record<string, (request: GroupedRequest, options?: CallOptions) => Promise<unknown>>>;

/** The callers of one world: each keeps its breakers and caches from call to call. */
export class Callers {
  readonly #model: Model;
  readonly #clock: Clock;
  readonly #call: Call;
  readonly #policyOf: (policy: CallPolicy) => CallPolicy;
  readonly #clients = new Map<string, Client>();
  readonly #tokens = new Map<string, ReturnType<typeof serviceTokens>>();
  /** Callers outlive the plan. */
  readonly #life = new Incarnation();

  /** `policyOf`: of a client towards one operation, made from what the contract says; default all of it. */
  constructor(
    model: Model,
    clock: Clock,
    call: Call,
    policyOf: (policy: CallPolicy) => CallPolicy = (policy) => policy,
  ) {
    this.#model = model;
    this.#policyOf = policyOf;
    this.#clock = clock;
    this.#call = call;
  }

  /** The operation, with a function that calls it. `as`: whom the credentials speak for. Undefined when no contract has it. */
  operation(
    caller: string,
    name: string,
    as = caller,
  ):
    | { readonly operation: StubOperation; call(request: GroupedRequest, options: CallOptions): Promise<unknown> }
    | undefined {
    const operation = contractOperation(this.#model, name);
    if (operation === undefined) return undefined;
    const client = this.#client(caller, name.split('.')[0] ?? '', as);
    return { operation, call: async (request, options) => client[operation.id]?.(request, options) };
  }

  #client(caller: string, provider: string, as: string): Client {
    const known = [caller, provider, as].join('\n');
    const found = this.#clients.get(known) ?? this.#create(caller, provider, as);
    this.#clients.set(known, found);
    return found;
  }

  #create(caller: string, provider: string, as: string): Client {
    const operations = contractsOf(this.#model).get(provider)?.operations ?? [];
    const clock = this.#clock;
    return createClient<Client>(
      {
        ...{ caller, provider, servers: [] },
        calls: Object.fromEntries(
          operations.map(({ id, definition }) => {
            const edge = edgeOf(this.#model, caller, `${provider}.${id}`);
            // Who asks must see what the service answers now, not what it remembers.
            const { cache: _, fallback: __, ...policy } = callPolicyOf(edge?.policy);
            return [id, { operation: definition, nullOn: [], policy: this.#policyOf(policy), nested: true }];
          }),
        ),
      },
      {
        ...{ clock, random: seededRandom(clock, `${caller}/${provider}/${as}`), log: silent },
        urls: { [provider]: `${virtualUrl(provider)}${contractsOf(this.#model).get(provider)?.basePath ?? ''}` },
        fetch: (url, init) => this.#call(caller, this.#life, url, init),
        authorize: (place) => this.#credentials(as, place),
      },
    );
  }

  async #credentials(as: string, place: Parameters<ReturnType<typeof serviceTokens>>[0]) {
    const identity = identityOf(this.#model, as);
    if (identity === undefined) return {};
    const tokens = this.#tokens.get(as) ?? serviceTokens({ service: as, ...identity, clock: this.#clock });
    this.#tokens.set(as, tokens);
    return tokens(place);
  }
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
