import { UnavailableError } from '../../runtime/errors.js';
import type { OwnedEntity } from '../../runtime/owned.js';
import { inScope } from '../../runtime/scope.js';
import type { Service } from '../../runtime/service.js';
import type { ServiceTransaction } from '../../runtime/service-transaction.js';
import { type CallStep, correlationOf, entityId, type Step } from '../plan.js';
import { outgoingOf } from '../subject.js';
import { Death, never } from './death.js';
import type { InhabitedWorld } from './inhabited.js';
import { performCall } from './perform-call.js';
import type { Site } from './site.js';

/** Carries out one step of the plan, as its actor's own code would. What goes wrong is seen, not thrown. */
export async function performStep(world: InhabitedWorld, step: Step): Promise<void> {
  if (step.do === 'call') return performFromOutside(world, step);
  const site = actorOf(world, step);
  if (site === undefined) return;
  const life = site.life;
  if (life === undefined || life.dead) {
    // Nobody is there to do it: as with a user whose request finds nobody, it is done once the process is back.
    await world.clock.sleep(20);
    return performStep(world, step);
  }
  try {
    await Promise.race([life.alive(perform(world, site, step)), died(world, site)]);
    world.witness.see(site.name, step.id, { kind: 'did' });
  } catch (error) {
    world.witness.see(site.name, step.id, { kind: 'did', error: String(error) });
  }
}

/** Callers are no processes of the plan: they do not die, and who is not there refuses the connection. */
async function performFromOutside(world: InhabitedWorld, step: CallStep): Promise<void> {
  try {
    await performCall(world, step);
    world.witness.see(step.caller, step.id, { kind: 'did' });
  } catch (error) {
    world.witness.see(step.caller, step.id, { kind: 'did', error: String(error) });
  }
}

/** Resolves when the actor's process dies: whoever waited for its answer gets none. */
async function died(world: InhabitedWorld, site: Site): Promise<void> {
  const { life } = site;
  if (life === undefined) return never();
  return new Promise((resolve) => life.atDeath(() => world.clock.timer(1, () => resolve())));
}

function actorOf(world: InhabitedWorld, step: Exclude<Step, CallStep>): Site | undefined {
  switch (step.do) {
    case 'change':
    case 'force':
      return world.ownerSite(step.entity);
    case 'publish':
      return world.sites.get(step.service);
    case 'full-sync':
    case 'send':
      return world.sites.get(world.subject.name);
  }
}

async function perform(world: InhabitedWorld, site: Site, step: Exclude<Step, CallStep>): Promise<void> {
  const { service } = site;
  if (service === undefined) return;
  const cause = { correlationId: correlationOf(step.id) };
  const { values } = world.subject;
  switch (step.do) {
    case 'change': {
      const id = entityId(step.entity, step.key);
      const options = step.silent === true ? { dismissEvents: true } : {};
      await service.transaction(async (tx) => {
        const entity = entityOf(tx, step.entity);
        if (step.op === 'deleted') return entity.deleted(id, options);
        return entity[step.op](values.state(step.entity, step.key, step.value, step.set), options);
      }, cause);
      return;
    }
    case 'publish': {
      const payload = values.payload(eventMessage(world, step), step.value, step.refers, step.set);
      await service.transaction((tx) => publisherIn(tx, step.event)(payload), cause);
      return;
    }
    case 'force':
      await inScope({ service: site.name, cause }, () =>
        service.sync.force(step.entity, entityId(step.entity, step.key)),
      );
      return;
    case 'full-sync': {
      const owner = world.ownerSite(step.entity);
      const full = (): Promise<unknown> =>
        service.sync.full(step.entity, async (request) => {
          await world.clock.sleep(1);
          const page = await answered(owner, (service) => service.sync.snapshot(step.entity, request));
          await world.clock.sleep(step.pageMs ?? 1);
          return page ?? { items: [] };
        });
      await inScope({ service: site.name, cause }, full);
      return;
    }
    case 'send': {
      const headers = { ...step.headers, 'ce-correlationid': correlationOf(step.id) };
      const body = new TextEncoder().encode(step.body);
      await world.broker.publish({ exchange: step.exchange, key: step.key }, { headers, body });
      return;
    }
  }
}

/** What a service answers, which is nothing when its process dies meanwhile. */
async function answered<T>(site: Site | undefined, ask: (service: Service) => Promise<T>): Promise<T | undefined> {
  if (site?.service === undefined || site.life === undefined) return undefined;
  if (site.life.dead) throw new UnavailableError(site.name);
  try {
    return await site.life.race(ask(site.service));
  } catch (error) {
    throw error instanceof Death ? new UnavailableError(site.name) : error;
  }
}

function eventMessage(world: InhabitedWorld, step: { readonly service: string; readonly event: string }): string {
  const definition = world.subject.services.get(step.service)?.definition;
  return (definition && outgoingOf(definition)[step.event])?.message.name ?? step.event;
}

function entityOf(tx: ServiceTransaction, name: string): OwnedEntity<unknown> {
  return Reflect.get(tx, name) as OwnedEntity<unknown>;
}

function publisherIn(tx: ServiceTransaction, name: string): (message: unknown) => Promise<void> {
  const [publish, send]: readonly unknown[] = ['publish', 'send'].map((way) => Reflect.get(tx, way));
  return Reflect.get({ ...Object(send), ...Object(publish) }, name) as (message: unknown) => Promise<void>;
}
