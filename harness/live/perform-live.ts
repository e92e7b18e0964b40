import { systemClock } from '../../runtime/clock.js';
import type { OwnedEntity } from '../../runtime/owned.js';
import type { Service } from '../../runtime/service.js';
import { type CallStep, correlationOf, entityId, type Step } from '../plan.js';
import { ownerOf } from '../subject.js';
import { performCall } from '../world/perform-call.js';
import type { LiveWorld } from './live-world.js';
import { reachState } from './reach-state.js';

/** Carries out one step of a plan. What goes wrong is seen, not thrown. */
export async function performLive(world: LiveWorld, step: Step): Promise<void> {
  if (step.do === 'call') return askFromOutside(world, step);
  const actor = actorOf(world, step);
  try {
    if (actor === world.subject.name) await askToTell(world, step);
    else if (actor !== undefined) await tell(world, await world.cast.teller(actor), step);
    world.stage?.witness.see(actor ?? '', step.id, { kind: 'did' });
  } catch (error) {
    world.stage?.witness.see(actor ?? '', step.id, { kind: 'did', error: String(error) });
  }
}

async function askFromOutside(world: LiveWorld, step: CallStep): Promise<void> {
  const { stage } = world;
  if (stage === undefined) return;
  try {
    const values = await stage.reached(step, () => reachState(world, step));
    const reached = { ...step, set: { ...step.set, ...values } };
    await performCall({ witness: stage.witness, callers: stage.callers, clock: systemClock }, reached);
    stage.witness.see(step.caller, step.id, { kind: 'did' });
  } catch (error) {
    stage.witness.see(step.caller, step.id, { kind: 'did', error: String(error) });
  }
}

function actorOf({ subject }: LiveWorld, step: Step): string | undefined {
  if (step.do === 'change') return ownerOf(subject, step.entity)?.service.name;
  return step.do === 'publish' ? step.service : undefined;
}

async function tell({ subject }: LiveWorld, service: Service, step: Step): Promise<void> {
  const cause = { correlationId: correlationOf(step.id) };
  if (step.do === 'change') {
    const id = entityId(step.entity, step.key);
    await service.transaction(async (tx) => {
      const entity = Reflect.get(tx, step.entity) as OwnedEntity<unknown>;
      if (step.op === 'deleted') return entity.deleted(id);
      return entity[step.op](subject.values.state(step.entity, step.key, step.value, step.set));
    }, cause);
  }
  if (step.do === 'publish') {
    const payload = payloadOf(subject, step);
    await service.transaction((tx) => {
      const publish = Reflect.get(Object(Reflect.get(tx, 'publish')), step.event) as (
        message: unknown,
      ) => Promise<void>;
      return publish(payload);
    }, cause);
  }
}

function payloadOf(subject: LiveWorld['subject'], step: Extract<Step, { do: 'publish' }>): unknown {
  const definition = subject.services.get(step.service)?.definition.publishes[step.event];
  return subject.values.payload(definition?.message.name ?? step.event, step.value, step.refers, step.set);
}

/** The service under test tells something because the harness asks it to, at the address that its contract names for that. */
async function askToTell({ subject, settings, url, process }: LiveWorld, step: Step): Promise<void> {
  const publish = settings.probe.publish ?? '';
  // Whoever is asked has to be there.
  if (!process.running) await process.start();
  const correlationId = correlationOf(step.id);
  const wish =
    step.do === 'change'
      ? {
          ...{ entity: step.entity, op: step.op, id: entityId(step.entity, step.key) },
          ...(step.op !== 'deleted' && { state: subject.values.state(step.entity, step.key, step.value, step.set) }),
        }
      : step.do === 'publish'
        ? { event: step.event, message: payloadOf(subject, step) }
        : {};
  const reply = await fetch(url + publish, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-correlation-id': correlationId },
    body: JSON.stringify({ ...wish, correlationId }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!reply.ok) throw new Error(`${publish} answers ${reply.status}: ${(await reply.text()).slice(0, 200)}`);
}
