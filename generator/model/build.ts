import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import type { SchemaRef, ValuePath, Workspace } from '../load/documents.js';
import { buildContext } from './build/context.js';
import { buildDependencies } from './build/dependencies.js';
import { buildEntities } from './build/entities.js';
import { buildCommands, buildEvents } from './build/events.js';
import { buildFeatures } from './build/features.js';
import { buildFlows } from './build/flows.js';
import { buildHttpEdges, buildOperations, buildPolicies } from './build/http.js';
import { adoptLoneDocuments } from './build/lone-documents.js';
import { buildMessages } from './build/messages.js';
import { withSagaSenders } from './build/saga-senders.js';
import { buildJobs, buildSagas } from './build/sagas.js';
import { buildResources, buildServices, participants } from './build/services.js';
import { edgesOf } from './edges.js';
import { deepFreeze } from './freeze.js';
import type { Model } from './types.js';

/** One frozen model out of everything that was loaded. Contradictions are kept, not solved: rules name them. */
export function buildModel(loaded: Workspace): { readonly model: Model; readonly findings: readonly Finding[] } {
  const workspace = adoptLoneDocuments(loaded);
  const context = buildContext(workspace);
  const documents = new Map([...workspace.sources].map(([path, source]) => [path, source.value]));
  const featureOf = featuresByDocument(
    context.files.map((file) => [file.node.source.path, file.name]),
    workspace,
  );
  const participantsOf = participants(context);
  const services = buildServices(context);
  const messages = buildMessages(context, documents, featureOf);
  const schemas = [...workspace.asyncapi, ...workspace.openapi].flatMap((document) =>
    document.schemas.map((schema) => ({ ...schema, document: document.source.path })),
  );
  const entities = buildEntities(context, { messages, services, documents, schemas });
  const policies = buildPolicies(context);
  const sagas = buildSagas(context);
  const parts = {
    system: workspace.settings.system,
    settings: workspace.settings,
    features: buildFeatures(context, participantsOf),
    services,
    resources: buildResources(context),
    entities,
    messages,
    events: buildEvents(context, { messages, services, entities }),
    commands: withSagaSenders(buildCommands(context), sagas),
    operations: buildOperations(context, featureOf),
    policies,
    http: buildHttpEdges(context, policies),
    sagas,
    flows: buildFlows(context),
    jobs: buildJobs(context),
    dependencies: buildDependencies(context, participantsOf),
    schemas,
  };
  // Documents stay as they were read: freezing megabytes of payload would cost more than it protects.
  const files = new Map([...workspace.sources].map(([path, source]) => [path, source.file]));
  const edges = edgesOf({ ...parts, documents, files });
  const frozen = deepFreeze({ ...parts, edges });
  return {
    model: Object.freeze({ ...frozen, documents, files, locate: locator(workspace) }),
    findings: context.findings,
  };
}

/** Names of the features that name a document. */
function featuresByDocument(
  files: readonly (readonly [string, string])[],
  workspace: Workspace,
): (path: string) => readonly string[] {
  const names = new Map(files);
  const byDocument = new Map(
    [...workspace.asyncapi, ...workspace.openapi].map((document) => [
      document.source.path,
      document.features.flatMap((path) => names.get(path) ?? []),
    ]),
  );
  return (path) => byDocument.get(path) ?? [];
}

function locator(workspace: Workspace): (ref: SchemaRef) => ReturnType<typeof startOf> {
  return (ref) => {
    const source = workspace.sources.get(ref.file);
    return source === undefined ? startOf(ref.file) : source.keyAt(pointerPath(ref.pointer));
  };
}

function pointerPath(pointer: string): ValuePath {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^(0|[1-9]\d*)$/.test(token) ? Number(token) : token));
}
