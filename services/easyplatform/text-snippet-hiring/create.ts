import { createTextSnippetHiringServer } from '#generated/easyplatform/text-snippet-hiring/server.gen.js';
import {
  createTextSnippetHiring,
  type TextSnippetHiringService,
} from '#generated/easyplatform/text-snippet-hiring/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { textSnippetHiringOperations } from './operations.js';
import { prepare } from './schema.js';

/** Candidates up to the hire. */
export function createTextSnippetHiringApp(options: AppOptions = {}): App<TextSnippetHiringService> {
  const hiring = createTextSnippetHiring({ ...options, prepare });
  const server = createTextSnippetHiringServer(textSnippetHiringOperations(hiring), {
    authenticate: 'none',
    service: hiring,
    ready: hiring.health,
    ...options,
  });
  return appOf(hiring, server, options.listen);
}
