import { randomStream } from '../../../generator/schema/random.js';
import { type CallStep, type Plan, uuidOf } from '../../plan.js';
import type { StubOperation } from '../../stub/provider.js';
import { NoValueError } from '../../values.js';
import { contractsOf } from '../../world/providers/contracts.js';
import { requestFor } from '../../world/providers/request.js';
import { otherVersion, type Revisions, type Version } from '../revisions.js';
import type { CallEdge } from './edges.js';

export interface CallDraw {
  /** Revision of whoever calls. */
  readonly client: Version;
  readonly index: number;
  readonly seed: number;
}

/** Schedule number `index` of calls on an edge: every operation that the client of a revision calls, on things that were made before. */
export function callPlan(revisions: Revisions, edge: CallEdge, { client, index, seed }: CallDraw): Plan {
  const { name: system, model } = revisions[client];
  const offered = contractsOf(model).get(edge.to)?.operations ?? [];
  const steps: CallStep[] = [];
  const call = (operation: StubOperation, more: Partial<CallStep> = {}): string => {
    const id = `m${steps.length + 1}`;
    const value = valueFor(revisions, edge, client, operation, index);
    const said = { do: 'call', operation: `${edge.to}.${operation.id}`, caller: edge.from } as const;
    steps.push({ id, at: steps.length * 20, ...said, value, ...more });
    return id;
  };
  for (const operation of edge.operations[client]) {
    const parameter = operation.role?.kind === 'create' ? undefined : operation.role?.parameter;
    const maker = parameter === undefined ? undefined : makerOf(operation, offered);
    if (maker === undefined || parameter === undefined || !operation.definition.path.includes(`{${parameter}}`)) {
      call(operation);
      continue;
    }
    const of = call(maker);
    call(operation, { take: { [`path.${parameter}`]: { of, at: parameter.replace(/^.*(id)$/i, 'id') } } });
  }
  const random = randomStream(Number.parseInt(uuidOf(`${seed}/${edge.from}/${edge.to}/${index}`).slice(0, 8), 16));
  const jitter = index === 0 ? 0 : random.between(1, 1_000_000);
  return {
    ...{ seamwright: 1, system, service: edge.to, scenario: 'mixed-versions', level: 'sim', seed, jitter },
    ...{ steps, faults: [] },
  };
}

/** `POST /orders` for `GET /orders/{id}`. */
function makerOf(
  { definition: { path } }: StubOperation,
  offered: readonly StubOperation[],
): StubOperation | undefined {
  return offered.find(({ role, definition }) => role?.kind === 'create' && path.startsWith(`${definition.path}/{`));
}

const seedsTried = 60;

/** A seed of a request that the other revision would refuse, if there is one for this schedule: that is what is worth asking. */
function valueFor(
  revisions: Revisions,
  edge: CallEdge,
  client: Version,
  operation: StubOperation,
  index: number,
): number {
  const other = contractsOf(revisions[otherVersion(client)].model)
    .get(edge.to)
    ?.operations.find(({ id }) => id === operation.id);
  const [content] = other?.definition.body?.content ?? [];
  if (content?.validate === undefined || index % 2 === 1) return index + 1;
  for (let seed = index + 1; seed <= seedsTried; seed++) {
    try {
      if (!content.validate(requestFor(operation, seed)['body'])) return seed;
    } catch (error) {
      if (!(error instanceof NoValueError)) throw error;
    }
  }
  return index + 1;
}
