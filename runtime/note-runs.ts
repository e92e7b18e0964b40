import type { AroundHandler } from './handler-call.js';
import { currentScope } from './scope.js';

/**
 * With `SEAMWRIGHT_TEST_MODE=1` each run of a handler is noted beside its effect, in the same transaction: claims of `<consumer>#ran` by `<message id>#1`, `#2` and so
 * on. The harness sees by them that something was done twice, also where it cannot see what. Undefined without that mode.
 */
export function noteRuns({
  SEAMWRIGHT_TEST_MODE: mode,
}: Readonly<Record<string, string | undefined>>): AroundHandler | undefined {
  if (mode !== '1') return undefined;
  return async ({ consumer, messageId }, handle) => {
    await handle();
    const tx = currentScope()?.unit?.tx;
    // A handler outside of transactions has nothing that its run could be noted beside.
    if (tx === undefined) return;
    for (let time = 1; !(await tx.claim(`${consumer}#ran`, `${messageId}#${time}`)); time++);
  };
}
