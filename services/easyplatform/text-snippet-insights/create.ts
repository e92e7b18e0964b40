import { createServer } from 'seamwright/runtime';
import {
  fullSyncCompany,
  fullSyncEmployee,
  fullSyncSurvey,
  fullSyncUser,
} from '#generated/easyplatform/text-snippet-insights/full-sync.gen.js';
import {
  createTextSnippetInsights,
  type TextSnippetInsightsService,
} from '#generated/easyplatform/text-snippet-insights/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';

export interface TextSnippetInsightsApp extends App<TextSnippetInsightsService> {
  /** Reads everything from its owners when no company is known here: this service may have been started after the messages had gone. */
  catchUp(): Promise<void>;
}

/** Reads only: the copies from which reports are made. */
export function createTextSnippetInsightsApp(options: AppOptions = {}): TextSnippetInsightsApp {
  const insights = createTextSnippetInsights(options);
  // It has no operations; the server says that it is alive.
  const server = createServer(
    { service: 'text-snippet-insights', basePath: '', operations: [] },
    {},
    { ready: insights.health },
  );
  return Object.assign(appOf(insights, server, options.listen), {
    async catchUp() {
      const [known] = await insights.copies.Company.list({ limit: 1 });
      if (known !== undefined) return;
      // What others wait for comes first. Any order ends the same, only with more messages parked on the way.
      await fullSyncCompany(insights);
      await fullSyncUser(insights);
      await fullSyncEmployee(insights);
      await fullSyncSurvey(insights);
    },
  });
}
