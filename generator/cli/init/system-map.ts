import type { Model } from '../../model/types.js';
import type { AdoptedService, Adoption } from './adoption.js';

const SHOWN_MAX = 6;

/** The system as a tree: services, what each sends, handles and serves. */
export function systemMap({ system, services, model }: Adoption): readonly string[] {
  return [system, ...tree(services.map((service) => [title(service), factsOf(service, model)]))];
}

function title({ name, role, version }: AdoptedService): string {
  return `${name} (${version === undefined ? role : `${role}, ${version}`})`;
}

function factsOf({ name }: AdoptedService, model: Model): readonly string[] {
  const messages = [...model.messages.values()];
  const others = (names: readonly string[]): readonly string[] =>
    [...new Set(names)].filter((other) => other !== name).sort();
  const sends = messages
    .filter(({ senders }) => senders.some(({ service }) => service === name))
    .map((message) => {
      const to = others(message.receivers.map(({ service }) => service));
      return `sends ${message.name}${to.length === 0 ? '' : ` → ${to.join(' + ')}`}`;
    });
  const handles = messages
    .filter(({ receivers }) => receivers.some(({ service }) => service === name))
    .map((message) => {
      const from = others(message.senders.map(({ service }) => service));
      return `handles ${message.name}${from.length === 0 ? '' : ` ← ${from.join(' + ')}`}`;
    });
  const serves = [...model.operations.values()]
    .filter(({ service }) => service === name)
    .map(({ id, definition }) => `serves ${definition.method.toUpperCase()} ${definition.path} (${id})`);
  return [...shortened(sends), ...shortened(handles), ...shortened(serves)];
}

function shortened(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - SHOWN_MAX;
  return hidden <= 1 ? lines : [...lines.slice(0, SHOWN_MAX), `… and ${hidden} more`];
}

function tree(branches: readonly (readonly [string, readonly string[]])[]): readonly string[] {
  return branches.flatMap(([name, leaves], at) => {
    const last = at === branches.length - 1;
    return [
      `${last ? '└─' : '├─'} ${name}`,
      ...leaves.map((leaf, index) => `${last ? '  ' : '│ '} ${index === leaves.length - 1 ? '└─' : '├─'} ${leaf}`),
    ];
  });
}
