import { type Rewritten, rewriting } from './rewrite.js';

interface NoCorrelation extends Rewritten {
  readonly fault: 'no-correlation';
}

/** A producer that knows nothing of correlation: the message begins a chain of its own. */
export const noCorrelation = rewriting<NoCorrelation>({
  id: 'no-correlation',
  title: 'A message says nothing of what led to it.',
  words: ({ step }) => `${step} without a correlation id`,
  change({ headers, body }) {
    const gone = new Set(['ce-correlationid', 'ce-causationid', 'ce-traceparent', 'x-correlation-id']);
    return {
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !gone.has(name.toLowerCase()))),
      body,
    };
  },
});
