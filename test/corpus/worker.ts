import type { CorpusDocument } from './documents.js';
import { attempt } from './generate.js';

/** One document at a time, so that a document that hangs or kills the process is known. */
process.on('message', (message: { readonly document: CorpusDocument; readonly dir: string }) => {
  void attempt(message.document, message.dir).then((result) => process.send?.(result));
});
