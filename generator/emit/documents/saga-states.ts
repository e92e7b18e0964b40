import type { SagaEventKind, SagaTable } from '../../../runtime/saga/table.js';
import { mermaidText } from '../names.js';

/** What moves a run in ordinary life; what an operator does, and what comes late, would hide it. */
const shownEvents: Readonly<Partial<Record<SagaEventKind, string>>> = {
  started: 'started',
  succeeded: 'succeeded',
  failed: 'failed',
  unknown: 'nobody knows',
  'not-found': 'did not happen',
  'undo-asked': 'another participant failed',
  undone: 'undone',
  unresolved: 'no try is left',
};

/** The lines of a Mermaid state diagram. Every place where nobody can go on by itself is the one state "stuck". */
export function stateDiagram(table: SagaTable): readonly string[] {
  const rows = table.flatMap(({ state, event, next }) => {
    const label = shownEvents[event];
    const isHidden = label === undefined || state.startsWith('stuck:') || state === next;
    return isHidden ? [] : [{ from: state, to: next.startsWith('stuck:') ? 'stuck' : next, label }];
  });
  const merged = new Map<string, { readonly from: string; readonly to: string; readonly labels: readonly string[] }>();
  for (const { from, to, label } of rows) {
    const key = JSON.stringify([from, to]);
    merged.set(key, { from, to, labels: [...(merged.get(key)?.labels ?? []), label] });
  }
  const names = [...new Set(rows.flatMap(({ from, to }) => [from, to]))].filter((name) => name !== 'new');
  const ids = new Map(names.map((name, index) => [name, `s${index + 1}`]));
  const id = (name: string): string => (name === 'new' ? '[*]' : (ids.get(name) ?? '[*]'));
  return [
    'stateDiagram-v2',
    ...names.map((name) => `  state "${stateText(name)}" as ${id(name)}`),
    ...[...merged.values()].map(({ from, to, labels }) => `  ${id(from)} --> ${id(to)}: ${labels.join(' or ')}`),
    ...names.filter((name) => name === 'completed' || name === 'compensated').map((name) => `  ${id(name)} --> [*]`),
  ];
}

function stateText(name: string): string {
  const [phase = '', ...step] = name.split(':');
  if (step.length === 0) return name;
  const shown = mermaidText(step.join(':'));
  return phase === 'do' ? shown : `${phase} ${shown}`;
}
