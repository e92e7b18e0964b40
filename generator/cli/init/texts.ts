import type { Model } from '../../model/types.js';
import { type AdoptedService, type Adoption, writtenPath } from './adoption.js';

/** A file that `init` writes, relative to the workspace. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** seamwright.yaml, services.yaml and feature.yaml around documents that stay where they are. */
export function workspaceFiles(adoption: Adoption): readonly NewFile[] {
  const schema = (name: string): string =>
    `# yaml-language-server: $schema=${writtenPath(adoption.root, `${adoption.project}/node_modules/seamwright/schema/${name}.schema.json`)}\n`;
  return [
    { path: 'seamwright.yaml', text: `${schema('seamwright')}${settingsText(adoption)}` },
    { path: 'services.yaml', text: `${schema('services')}${servicesText(adoption)}` },
    { path: 'feature.yaml', text: `${schema('feature')}${featureText(adoption)}` },
  ];
}

function settingsText({ system }: Adoption): string {
  return `seamwright: "1"
system: ${system}

# Embedded, so that everything runs without a server. SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL lead to real ones.
broker: memory
store: pglite
`;
}

function servicesText({ services }: Adoption): string {
  const entries = services.map(({ name, role, version }) => {
    const facts = [`role: ${role}`, ...(version === undefined ? [] : [`version: ${text(version)}`])];
    return `  ${name}: { ${facts.join(', ')} }\n`;
  });
  return `# The roles are guesses from names: correct them. Rules of roles say whom a service may call and what it may own.
services:
${entries.join('')}`;
}

function featureText({ root, system, services, model }: Adoption): string {
  const documents = (['asyncapi', 'openapi'] as const).flatMap((kind) => {
    const lines = services.flatMap((service) => documentLine(root, service, kind));
    return lines.length === 0 ? [] : [`${kind}:\n${lines.join('')}`];
  });
  const sample = sampleOf(
    services.map(({ name }) => name),
    model,
  );
  return `# Messages and operations are read from the documents below. What they cannot say stands here:
# who owns an entity, who keeps a copy of it, who calls whom.
name: ${system}
version: 0.1.0
${documents.join('')}
# A copy of another service's entity, kept right while messages arrive late, twice or out of order:
# entities:
#   Order:
#     owner: ${sample.owner}
#     key: id
#     event: ${sample.message}
#     consumers: [${sample.consumer}]

# Calls between services; the caller gets a typed client:
# http:
#   - { from: ${sample.caller}, to: ${sample.provider}, operations: [${sample.operation}] }
`;
}

/** Names for the examples in comments: true ones as far as the documents have them. */
function sampleOf(services: readonly string[], model: Model): Readonly<Record<string, string>> {
  const plain = (name: string): boolean => /^[A-Za-z][\w.-]*$/.test(name);
  const other = (than: string): string => services.find((name) => name !== than) ?? 'another-service';
  const messages = [...model.messages.values()].filter(({ name }) => plain(name));
  const message = messages.find(({ senders, receivers }) => senders.length > 0 && receivers.length > 0) ?? messages[0];
  const owner = message?.senders[0]?.service ?? services[0] ?? 'orders';
  const operation = [...model.operations.values()].find(({ id }) => plain(id));
  const provider = operation?.service ?? owner;
  return {
    owner,
    consumer: message?.receivers.find(({ service }) => service !== owner)?.service ?? other(owner),
    message: message?.name ?? 'OrderChanged',
    provider,
    caller: other(provider),
    operation: operation?.id ?? 'getOrder',
  };
}

function documentLine(root: string, service: AdoptedService, kind: 'asyncapi' | 'openapi'): readonly string[] {
  const path = service[kind];
  return path === undefined ? [] : [`  ${service.name}: ${text(writtenPath(root, path))}\n`];
}

/** Plain where YAML allows it, quoted otherwise. */
function text(value: string): string {
  return /^[\w./][\w./-]*$/.test(value) && Number.isNaN(Number(value)) ? value : JSON.stringify(value);
}
