import { createTextSnippetSurveysServer } from '#generated/easyplatform/text-snippet-surveys/server.gen.js';
import {
  createTextSnippetSurveys,
  type TextSnippetSurveysService,
} from '#generated/easyplatform/text-snippet-surveys/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { textSnippetSurveysOperations } from './operations.js';
import { prepare } from './schema.js';

/** Surveys among the employees of a company. */
export function createTextSnippetSurveysApp(options: AppOptions = {}): App<TextSnippetSurveysService> {
  const surveys = createTextSnippetSurveys({ ...options, prepare });
  const server = createTextSnippetSurveysServer(textSnippetSurveysOperations(surveys), {
    authenticate: 'none',
    service: surveys,
    ready: surveys.health,
    ...options,
  });
  return appOf(surveys, server, options.listen);
}
