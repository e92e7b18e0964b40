import { dirname, join, relative, sep } from 'node:path';
import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import { markdownCellCode, markdownTarget } from '../names.js';
import { documentFolder } from './document.js';

/**
 * Links from one document to the contracts: `file:line` as findings show it, with a target relative to where the output of the workspace belongs, so that
 * the text is the same when it is written elsewhere for a trial.
 *
 * @param path of the document below `docs/`.
 */
export function sourceLinks(model: Model, path: string): (at: Position) => string {
  const folder = dirname(join(model.settings.output, documentFolder, path));
  const absolute = new Map([...model.files].map(([file, shown]) => [shown, file]));
  return (at) => {
    const text = markdownCellCode(`${at.file}:${at.line}`);
    const file = absolute.get(at.file);
    return file === undefined
      ? text
      : `[${text}](${markdownTarget(relative(folder, file).split(sep).join('/'))}#L${at.line})`;
  };
}
