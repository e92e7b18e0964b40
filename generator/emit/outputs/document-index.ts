import type { Model } from '../../model/types.js';
import { connectionsOf } from '../documents/connections.js';
import { byText, documentFile, nothing } from '../documents/document.js';
import { flowFiles } from '../documents/flow-files.js';
import { sagaFiles } from '../documents/saga-files.js';
import { sourceLinks } from '../documents/source-links.js';
import { everythingTold } from '../documents/told.js';
import type { Emitter } from '../emitter.js';
import { markdownTarget, markdownText } from '../names.js';

/** `docs/README.md`: what documents there are, what is in them, and which features they were made from. */
export const documentIndex: Emitter = {
  name: 'document-index',
  summary: 'index of the documents of a system, with counts',
  *plan({ model }) {
    const flows = flowFiles(model);
    const place = sourceLinks(model, 'README.md');
    const features = [...model.features.values()].sort((a, b) => byText(a.name, b.name));
    yield documentFile(this.name, 'document-index', model, 'README.md', {
      ...counts(model),
      features: features.map((feature) => ({
        name: markdownText(feature.name),
        version: markdownText(feature.version ?? nothing),
        title: markdownText(feature.title ?? nothing),
        owner: markdownText(feature.owner ?? nothing),
        place: place(feature.at),
      })),
      flows: flows.map(({ flow, path }) => ({
        name: `${markdownText(flow.feature)}: ${flow.kind === 'flow' ? markdownText(flow.name) : 'data flow'}`,
        target: markdownTarget(path),
        description: markdownText(flow.description ?? ''),
      })),
      sagas: sagaFiles(model).map(({ saga, path }) => ({
        name: markdownText(saga.name),
        target: markdownTarget(path),
        description: markdownText(saga.description ?? ''),
      })),
    });
  },
};

function counts(model: Model) {
  const entities = [...model.entities.values()];
  const copies = entities.flatMap((entity) => entity.consumers);
  return {
    services: counted(model.services.size, 'service', 'services'),
    connections: counted(connectionsOf(model).length, 'connection', 'connections'),
    entities: counted(entities.length, 'entity', 'entities'),
    copies: counted(copies.length, 'copy', 'copies'),
    events: counted(everythingTold(model).length, 'event', 'events'),
    commands: counted(model.commands.size, 'command', 'commands'),
    fields: counted(
      entities.filter((entity) => entity.consumers.length > 0).length,
      'copied entity',
      'copied entities',
    ),
    operations: counted(model.operations.size, 'operation', 'operations'),
    calls: counted(model.http.length, 'connection', 'connections'),
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
