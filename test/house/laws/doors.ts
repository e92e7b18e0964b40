import type { Law } from '../law.js';

/** Package -> the files (or folders, ending in a slash) that may import it. A package that is not listed may not be imported at all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@asyncapi/modelina': ['generator/emit/outputs/messages.ts'],
  '@asyncapi/parser': ['generator/load/asyncapi-check.ts'],
  '@asyncapi/specs': ['generator/load/'],
  '@clack/prompts': ['generator/cli/'],
  '@electric-sql/pglite': ['runtime/stores/pglite.ts'],
  '@marcbachmann/cel-js': ['generator/schema/expression.ts'],
  '@nats-io/jetstream': ['runtime/brokers/nats/'],
  '@nats-io/transport-node': ['runtime/brokers/nats/'],
  '@pact-foundation/pact': ['harness/pact/'],
  '@opentelemetry/api': ['runtime/telemetry.ts', 'runtime/tracing.ts'],
  ajv: ['generator/schema/ajv.ts', 'generator/schema/standalone.ts', 'runtime/validation.ts'],
  'ajv-formats': ['generator/schema/ajv.ts', 'generator/schema/standalone.ts', 'runtime/validation.ts'],
  amqplib: ['runtime/brokers/rabbitmq/', 'runtime/brokers/rabbitmq.ts'],
  chokidar: ['generator/cli/watching.ts'],
  cockatiel: ['runtime/http/policy/bulkhead.ts'],
  commander: ['generator/cli/main.ts'],
  croner: ['runtime/jobs/schedule.ts'],
  fastify: ['runtime/http/fastify-adapter.ts'],
  handlebars: ['generator/render/handlebars.ts'],
  ioredis: ['runtime/brokers/redis/connection.ts'],
  jose: ['runtime/http/jwt.ts', 'runtime/http/user-token.ts', 'services/tools-dashboard/back-auth/tokens.ts'],
  kafkajs: ['runtime/brokers/kafka/driver.ts'],
  'openapi-typescript': ['generator/emit/outputs/http-types.ts'],
  pg: ['runtime/stores/postgres/driver.ts'],
  picocolors: ['generator/report/', 'generator/cli/'],
  semver: ['generator/check/', 'generator/compat/'],
  tsx: ['harness/load-typescript.ts'],
  typescript: ['generator/emit/'],
  yaml: ['generator/load/yaml.ts'],
};

/** Tests, benchmarks and the demo may compare with any package; the product may not. */
const PRODUCT = /^(generator|runtime|harness|generated|services)\//;
/** Written beside the service by the generator, as in the project of a user. */
const SERVICE_TEST = /^services\/.*\.test\.ts$/;

export const doors: Law = {
  name: 'each dependency has one door',
  breaches: (code) =>
    [...code.values()]
      .filter((module) => PRODUCT.test(module.path))
      .flatMap((module) =>
        module.imports.flatMap(({ dependency, line }) => {
          if (dependency === undefined || dependency.startsWith('node:')) return [];
          if (dependency === 'vitest' && SERVICE_TEST.test(module.path)) return [];
          const open = Object.hasOwn(allowed, dependency) ? allowed[dependency] : undefined;
          if (open === undefined) return [`${module.path}:${line} imports "${dependency}", which has no door`];
          return open.some((door) => (door.endsWith('/') ? module.path.startsWith(door) : module.path === door))
            ? []
            : [`${module.path}:${line} imports "${dependency}"; its door is ${open.join(', ')}`];
        }),
      ),
  broken: {
    'a second door': { 'generator/load/feature.ts': `import { parse } from 'yaml';` },
    'a service with the runner of its tests': { 'services/shop/api/main.ts': `import { it } from 'vitest';` },
    'a subpath at the wrong place': { 'generator/check/check.ts': `import { Ajv2020 } from 'ajv/dist/2020.js';` },
    'a lazy import at the wrong place': {
      'generator/pipeline.ts': `export const m = () => import('@asyncapi/modelina');`,
    },
    'types of a dependency at the wrong place': { 'generator/pipeline.ts': `import type { Ajv } from 'ajv';` },
    'an unknown package': { 'runtime/service.ts': `import _ from 'lodash';` },
    'generated code with a dependency': { 'generated/shop/messages/a.gen.ts': `import { Ajv } from 'ajv';` },
  },
  kept: {
    'a test that compares': { 'test/emit/messages.test.ts': `import { parse } from 'yaml';` },
    'the test of a service': { 'services/shop/api/verify.test.ts': `import { it } from 'vitest';` },
    'node itself': { 'runtime/wire.ts': `import { createHash } from 'node:crypto';` },
  },
};
