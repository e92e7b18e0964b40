import { findCycles } from '../../model/cycles.js';
import type { Model, Service } from '../../model/types.js';
import { type Connection, type ConnectionStyle, connectionsOf } from '../documents/connections.js';
import { byText, cell, documentFile, nothing } from '../documents/document.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { distinct, markdownText, mermaidId, mermaidLabel, snakeName } from '../names.js';

/** `docs/service-map.md` and `.json`: who talks to whom, in which style and why; how closely services are tied together. */
export const serviceMap: Emitter = {
  name: 'service-map',
  summary: 'map of services with every connection, its style and its reason, as Markdown, Mermaid and JSON',
  *plan({ model }) {
    const connections = connectionsOf(model);
    const place = sourceLinks(model, 'service-map.md');
    yield documentFile(this.name, 'service-map', model, 'service-map.md', {
      diagram: diagram(
        model,
        connections.filter((item) => !isFullSync(model, item)),
      ),
      connections: connections.map((item) => ({
        from: markdownText(item.from),
        to: markdownText(item.to),
        style: item.style,
        subject: cell(item.subjects.map(markdownText)),
        purpose: markdownText(item.purpose ?? nothing),
        reason: markdownText(item.reason),
        place: place(item.at),
      })),
      services: services(model).map((service) => ({ ...coupling(service, connections), place: place(service.at) })),
      cycles: callCycles(connections).map((cycle) => cycle.map(markdownText).join(' → ')),
      resources: [...model.resources.values()]
        .sort((a, b) => byText(a.name, b.name))
        .map((resource) => ({
          name: markdownText(resource.name),
          type: markdownText(resource.type),
          owner: markdownText(resource.owner ?? nothing),
          place: place(resource.at),
        })),
    });
    yield documentFile(this.name, 'verbatim', model, 'service-map.json', { text: mapJson(model, connections) });
  },
};

function services(model: Model): readonly Service[] {
  return [...model.services.values()].sort((a, b) => byText(a.name, b.name));
}

/** Reading everything again runs against the copies it repairs: in the picture it would only double their arrows. */
function isFullSync(model: Model, { style, from, to, subjects }: Connection): boolean {
  const repairs = [...model.entities.values()]
    .filter((entity) => entity.owner === to && entity.consumers.some((consumer) => consumer.service === from))
    .flatMap((entity) => entity.fullSync?.operationId ?? []);
  return style === 'http' && subjects.length > 0 && subjects.every((subject) => repairs.includes(subject));
}

/** Arrow and colour of each style. The colours are legible on light and on dark pages. */
const arrows: Readonly<
  Record<ConnectionStyle, { readonly arrow: string; readonly colour: string; readonly width: number }>
> = {
  http: { arrow: '-->', colour: '#2f6fde', width: 2 },
  event: { arrow: '-.->', colour: '#d9730d', width: 2 },
  command: { arrow: '==>', colour: '#9a4fd1', width: 4 },
  sync: { arrow: '-.->', colour: '#1c9a5f', width: 2 },
};

/** Subjects that an arrow names; more are counted, so that the map stays readable. */
const subjectsShown = 3;

function diagram(model: Model, connections: readonly Connection[]): readonly string[] {
  const all = services(model);
  const ids = distinct(
    all.map((service) => service.name),
    mermaidId,
  );
  const roles = [...new Set(all.map((service) => service.role))].sort();
  const nodes = roles.flatMap((role) => {
    const members = all
      .filter((service) => service.role === role)
      .map((service) => `${ids.get(service.name)}${shape(service)}`);
    if (roles.length === 1) return members.map((line) => `  ${line}`);
    return [`  subgraph group_${snakeName(role)}["${role}"]`, ...members.map((line) => `    ${line}`), '  end'];
  });
  const lines = bundles(connections).filter((item) => ids.has(item.from) && ids.has(item.to));
  return [
    'flowchart LR',
    ...nodes,
    ...lines.map(
      (item) => `  ${ids.get(item.from)} ${arrows[item.style].arrow}|${bundleLabel(item)}| ${ids.get(item.to)}`,
    ),
    ...Object.entries(arrows).flatMap(([style, { colour, width }]) => {
      const indexes = lines.flatMap((item, index) => (item.style === style ? [index] : []));
      return indexes.length === 0 ? [] : [`  linkStyle ${indexes.join(',')} stroke:${colour},stroke-width:${width}px`];
    }),
  ];
}

function shape(service: Service): string {
  const label = mermaidLabel(service.name);
  if (service.role === 'external') return `[[${label}]]`;
  if (service.role === 'frontend') return `([${label}])`;
  return `[${label}]`;
}

type Bundle = Pick<Connection, 'from' | 'to' | 'style'> & { readonly subjects: readonly string[] };

/** One arrow for everything of one style between two services. Calls come first: the layout follows the first arrows, and callers then stand above. */
function bundles(connections: readonly Connection[]): readonly Bundle[] {
  const byEnds = new Map<string, Bundle>();
  for (const item of connections) {
    const key = [item.from, item.to, item.style].join('\u0000');
    const subjects = [...(byEnds.get(key)?.subjects ?? []), ...item.subjects];
    byEnds.set(key, { from: item.from, to: item.to, style: item.style, subjects: [...new Set(subjects)] });
  }
  const order = Object.keys(arrows);
  return [...byEnds.values()].sort((a, b) => order.indexOf(a.style) - order.indexOf(b.style));
}

/** One subject on a line: a wide label would cover its neighbours. */
function bundleLabel({ style, subjects }: Bundle): string {
  if (subjects.length === 0) return mermaidLabel(style);
  if (subjects.length <= subjectsShown) return mermaidLabel(...subjects);
  return mermaidLabel(...subjects.slice(0, subjectsShown - 1), `and ${subjects.length - subjectsShown + 1} more`);
}

/** How many services each one waits for, is waited for by, tells and hears. */
function coupling(service: Service, connections: readonly Connection[]) {
  const count = (end: 'from' | 'to', waits: boolean) => {
    const other = end === 'from' ? 'to' : 'from';
    const lines = connections.filter((item) => item[end] === service.name && (item.style === 'http') === waits);
    return String(new Set(lines.map((item) => item[other])).size);
  };
  return {
    name: markdownText(service.name),
    role: service.role,
    version: markdownText(service.version ?? nothing),
    owner: markdownText(service.owner ?? nothing),
    description: markdownText(service.description ?? nothing),
    calls: count('from', true),
    calledBy: count('to', true),
    tells: count('from', false),
    hears: count('to', false),
  };
}

/** Services that wait for each other in a circle: a slow one slows all of them. */
function callCycles(connections: readonly Connection[]): readonly (readonly string[])[] {
  const graph = new Map<string, Set<string>>();
  for (const item of connections) {
    if (item.style !== 'http') continue;
    graph.set(item.from, (graph.get(item.from) ?? new Set()).add(item.to));
  }
  return findCycles(graph);
}

function mapJson(model: Model, connections: readonly Connection[]): string {
  const map = {
    system: model.system,
    services: services(model).map(({ name, role, version, owner, description }) => ({
      name,
      role,
      version,
      owner,
      description,
    })),
    connections: connections.map(({ at, ...item }) => item),
  };
  return `${JSON.stringify(map, null, 2)}\n`;
}
