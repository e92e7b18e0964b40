import type { FlowDriver, FlowHands } from 'seamwright/harness';
import type { ServiceBService } from '#generated/mesh/service-b/service.gen.js';
import { seedItems } from './items.js';

/** States that the contracts have no operation for, by the names of the Pact files; see docs/guides/pact.md. */
export const states = {
  async 'item exists'({ service, params }: ItemState) {
    await service.transaction((tx) => seedItems(tx, [{ id: params.id, name: 'Kettle', price: 3900 }]));
    // What a change has to name, where the interaction asks for one.
    return { ifMatch: '"1"' };
  },
};

interface ItemState {
  readonly service: ServiceBService;
  readonly params: { readonly id: string };
}

/** How the flows begin; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async 'read-item'(hands) {
    const { id } = await kettle(hands);
    const read = await hands.call('api-gateway.getItem', { set: { 'path.id': id } });
    hands.expect('a person reads the item that service-b has', read.status === 200);
  },

  async 'change-item'(hands) {
    const { id } = await kettle(hands);
    const set = { 'path.id': id, 'headers.ifMatch': '"1"' };
    const changed = await hands.call('service-a.updateItem', { set, value: 1 });
    hands.expect('whoever names the present version changes it', changed.status === 200);
    const late = await hands.call('service-a.updateItem', { set, value: 2 });
    hands.expect('whoever names an older one is told that somebody else was faster', late.status === 412);
  },
};

async function kettle(hands: FlowHands): Promise<{ readonly id: string }> {
  const id = hands.id('Item', 'kettle');
  await hands.service('service-b').transaction((tx) => seedItems(tx, [{ id, name: 'Kettle', price: 3900 }]));
  return { id };
}
