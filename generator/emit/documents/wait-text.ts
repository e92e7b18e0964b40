import type { Wait } from '../../model/types.js';
import { markdownCellCode, markdownText } from '../names.js';
import { joinPath } from '../waits-text.js';

/** `Company by entityData.companyId`: what must be there first. `prefix` leads from the message to the entity. */
export function waitText(wait: Wait, prefix: string): string {
  return `${markdownText(wait.entity)} by ${markdownCellCode(joinPath(prefix, wait.by))}${wait.optional ? ', if any' : ''}`;
}
