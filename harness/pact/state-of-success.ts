import { catalogueHttp } from '../../generator/emit/http/catalogue.js';
import { providerDocuments } from '../../generator/emit/http/documents.js';
import { stateName } from '../../generator/emit/pact/provider-states.js';
import type { Model } from '../../generator/model/types.js';

/** Name of the state in which `<service>.<operationId>` answers with its first success, as the Pact files call it; undefined when its contract knows no success. */
export function stateOfSuccess(model: Model, operation: string): string | undefined {
  const facts = providerDocuments(model)
    .filter(({ service }) => operation.startsWith(`${service}.`))
    .flatMap((document) =>
      catalogueHttp(model, document).operations.filter(
        (one) => `${document.service}.${one.operation.id}` === operation,
      ),
    )[0];
  const success = facts?.replies.find(({ status }) => /^2\d\d$/.test(status));
  return facts === undefined || success === undefined ? undefined : stateName(facts, success.status);
}
