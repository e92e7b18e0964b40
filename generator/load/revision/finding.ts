import type { Finding } from '../../diagnostics/finding.js';
import { startOf } from '../../diagnostics/position.js';

/** Nothing can be compared: the revision is not there, or cannot be read. */
export function refusedRevision(message: string, fix: string): { readonly finding: Finding } {
  return {
    finding: { rule: 'load-no-revision', severity: 'error', message, at: startOf('.'), fix, unreadable: true },
  };
}
