import { expect, it } from 'vitest';
import { allowedSenders } from '../../generator/emit/message-facts.js';
import type { Model } from '../../generator/model/types.js';

/** As much of a model as the question needs. */
function modelOf(...lists: readonly (readonly string[] | undefined)[]): Model {
  const events = lists.map((allow, index) => [
    `E${index}`,
    { message: 'M', ...(allow !== undefined && { security: { allow } }) },
  ]);
  return {
    services: new Map([
      ['sales', {}],
      ['billing', {}],
    ]),
    documents: new Map([['asyncapi.yaml', { components: { securitySchemes: { brokerAccount: {}, sales: {} } } }]]),
    entities: new Map(),
    commands: new Map(),
    events: new Map(events as never),
  } as unknown as Model;
}

it.each([
  ['nobody says anything', [undefined], undefined],
  ['only an account of the broker is named', [['brokerAccount']], undefined],
  ['a service is named', [['sales']], ['sales']],
  ['a service beside an account', [['brokerAccount', 'sales']], ['sales']],
  ['a service that shares its name with an account', [['sales']], ['sales']],
  ['a slip: the edge is closed, not open', [['slaes']], ['slaes']],
  ['two places: who both allow', [['sales', 'billing'], ['billing']], ['billing']],
  ['two places that contradict each other', [['sales'], ['billing']], []],
  ['a place that says nothing takes nothing away', [['sales'], undefined], ['sales']],
] as const)('who may send when %s', (_, lists, senders) => {
  expect(allowedSenders(modelOf(...lists), 'M')).toEqual(senders);
});
