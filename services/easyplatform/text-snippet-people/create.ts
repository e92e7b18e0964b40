import { createTextSnippetPeopleServer } from '#generated/easyplatform/text-snippet-people/server.gen.js';
import {
  createTextSnippetPeople,
  type TextSnippetPeopleService,
} from '#generated/easyplatform/text-snippet-people/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { onCandidateChanged } from './on-candidate-changed.js';
import { textSnippetPeopleOperations } from './operations.js';
import { prepare } from './schema.js';

/** Employees. `options.urls.accounts` says where accounts are asked for. */
export function createTextSnippetPeopleApp(options: AppOptions = {}): App<TextSnippetPeopleService> {
  const people = createTextSnippetPeople({ ...options, handlers: { onCandidateChanged }, prepare });
  const server = createTextSnippetPeopleServer(textSnippetPeopleOperations(people), {
    authenticate: 'none',
    service: people,
    ready: people.health,
    ...options,
  });
  return appOf(people, server, options.listen);
}
