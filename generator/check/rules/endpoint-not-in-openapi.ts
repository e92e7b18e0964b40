import type { Endpoint, Feature, Model, Operation } from '../../model/types.js';
import { operationsOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** `endpoints` of features and of per-service files, by method and path; names of path parameters do not count. Services without OpenAPI are not judged. */
export const endpointNotInOpenapi: Rule = {
  id: 'endpoint-not-in-openapi',
  severity: 'error',
  title: 'Every endpoint of a feature stands in the OpenAPI document of its service.',
  why: 'The feature promises an endpoint that the service does not have; a client of it gets 404.',
  fix: 'Correct the endpoint, or add it to the OpenAPI document.',
  requirements: ['TD-58', 'TD-85'],
  *check(model) {
    for (const feature of model.features.values()) {
      for (const endpoint of endpointsOf(feature)) {
        const operations = candidates(model, feature, endpoint);
        if (operations.length === 0 || operations.some((operation) => answers(operation, endpoint))) continue;
        const paths = operations.map(
          (operation) => `${operation.definition.method.toUpperCase()} ${operation.definition.path}`,
        );
        const written = `${endpoint.method} ${endpoint.path}`;
        const where =
          endpoint.service === undefined
            ? 'no OpenAPI document of the feature has'
            : `the OpenAPI document of "${endpoint.service}" does not have`;
        yield {
          at: endpoint.at,
          message: `feature "${feature.name}" names endpoint "${written}", which ${where}.`,
          subject: `feature:${feature.name} endpoint:${written}`,
          fix: meant(written, paths, 'add the path and method to the OpenAPI document'),
        };
      }
    }
  },
};

/** Each endpoint once: a feature that consists of a per-service file lists its endpoints in both places. */
function endpointsOf(feature: Feature): readonly Endpoint[] {
  const all = [...feature.endpoints, ...feature.serviceFiles.flatMap((file) => file.endpoints)];
  return all.filter(
    (endpoint, index) =>
      all.findIndex((other) => other.at.file === endpoint.at.file && other.at.line === endpoint.at.line) === index,
  );
}

function candidates(model: Model, feature: Feature, endpoint: Endpoint): readonly Operation[] {
  const services = endpoint.service === undefined ? feature.participants : [endpoint.service];
  return services.flatMap((service) => operationsOf(model, service));
}

function answers(operation: Operation, endpoint: Endpoint): boolean {
  return (
    operation.definition.method.toUpperCase() === endpoint.method.toUpperCase() &&
    shape(operation.definition.path) === shape(endpoint.path)
  );
}

function shape(path: string): string {
  return path.replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '');
}
