import type { Model } from '../../model/types.js';
import type { PlannedFile } from '../emitter.js';
import { markdownText } from '../names.js';

/** Folder of the documents within the output. */
export const documentFolder = 'docs';

/** Shown in a cell that has nothing to say. */
export const nothing = '–';

/**
 * One document of a system. Documents speak of all contracts at once, so their source is the settings of the workspace.
 *
 * @param path below `docs/`.
 */
export function documentFile(
  emitter: string,
  template: string,
  model: Model,
  path: string,
  view: Readonly<Record<string, unknown>>,
): PlannedFile {
  return {
    base: 'output',
    path: `${documentFolder}/${path}`,
    ownership: 'owned',
    source: model.settings.system,
    emitter,
    template,
    view: { system: markdownText(model.system), ...view },
  };
}

/** Lines of one cell of a table; Markdown tables have no other way to break a line. */
export function cell(lines: readonly string[]): string {
  return lines.length === 0 ? nothing : lines.join('<br>');
}

/** Compares texts by code unit: the same order on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
