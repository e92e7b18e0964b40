import { run } from 'seamwright/runtime';
import { createTextSnippetPeople } from '#generated/easyplatform/text-snippet-people/service.gen.js';
import { onCandidateChanged } from './on-candidate-changed.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const textSnippetPeople = createTextSnippetPeople({ handlers: { onCandidateChanged } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(textSnippetPeople);
