import type { FoundRun } from '../../operate/sagas.js';

/** What went wrong last, with the step. */
export function whyOf({ failure, hindrance }: FoundRun['record']['run']): string {
  const said = hindrance ?? failure;
  return said === undefined ? '-' : `${said.step}: ${said.reason}`;
}
