import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type {
  Survey,
  TextSnippetSurveysTransaction,
} from '#generated/easyplatform/text-snippet-surveys/producers.gen.js';
import type {
  CreateSurveyReply,
  ListSurveysReply,
  TextSnippetSurveysOperations,
} from '#generated/easyplatform/text-snippet-surveys/server.gen.js';
import type { TextSnippetSurveysService } from '#generated/easyplatform/text-snippet-surveys/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { surveysIn } from './surveys.js';

type SurveyPage = Extract<ListSurveysReply, { readonly status: 200 }>['body'];
type SurveyDto = Extract<CreateSurveyReply, { readonly status: 201 }>['body'];

/** What text-snippet-surveys answers over HTTP. */
export function textSnippetSurveysOperations(service: TextSnippetSurveysService): TextSnippetSurveysOperations {
  return {
    async createSurvey({ body, once }) {
      return once(async (tx) => {
        const { companyId, title, status = 'draft', createdByEmployeeId } = body;
        await requireCompany(service, companyId);
        if (createdByEmployeeId !== undefined) await requireAuthor(service, createdByEmployeeId, companyId);
        const survey: Survey = {
          ...{ id: randomUUID(), companyId, title, status, isDeleted: false },
          ...(createdByEmployeeId !== undefined && { createdByEmployeeId }),
        };
        await surveysIn(tx).insert(survey);
        return { status: 201, body: dtoOf(survey), headers: { location: `/api/Survey/${survey.id}` } };
      });
    },

    async updateSurvey({ path, body: { title, status } }) {
      return service.transaction(async (tx) => {
        const before = await liveSurvey(tx, path.surveyId);
        // Whoever answered in good time must not be joined by others later.
        if (before.status === 'closed') throw new ProblemError(422, { detail: 'the survey is closed' });
        const survey: Survey = { ...before, title, status };
        await surveysIn(tx).update(survey);
        return { status: 200, body: dtoOf(survey) };
      });
    },

    async closeSurvey({ path, once }) {
      return once(async (tx) => {
        const before = await liveSurvey(tx, path.surveyId);
        if (before.status === 'closed') throw new ProblemError(409, { detail: 'the survey is closed already' });
        const survey: Survey = { ...before, status: 'closed' };
        await surveysIn(tx).update(survey);
        return { status: 200, body: dtoOf(survey) };
      });
    },

    async deleteSurvey({ path }) {
      return service.transaction(async (tx) => {
        const surveys = surveysIn(tx);
        const survey = await surveys.find(path.surveyId);
        if (survey === null) throw new ProblemError(404, { detail: 'no such survey' });
        if (!survey.isDeleted) await surveys.delete(survey.id);
        return { status: 204 };
      });
    },

    async listSurveys({ query }) {
      const page = await service.sync.snapshot('Survey', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as SurveyPage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}

async function liveSurvey(tx: TextSnippetSurveysTransaction, id: string): Promise<Survey> {
  const survey = await surveysIn(tx).find(id);
  if (survey === null || survey.isDeleted) throw new ProblemError(404, { detail: 'no such survey' });
  return survey;
}

/** Reads in the transaction that is open. */
async function requireCompany(service: TextSnippetSurveysService, id: string): Promise<void> {
  if ((await service.copies.Company.get(id)) === null) throw new ProblemError(422, { detail: 'no such company' });
}

/** A survey is written by somebody of the company that it asks. */
async function requireAuthor(service: TextSnippetSurveysService, id: string, companyId: string): Promise<void> {
  const author = await service.copies.SyncedEmployee.get(id);
  if (author?.companyId !== companyId) throw new ProblemError(422, { detail: 'no such employee of the company' });
}

function dtoOf({ id, companyId, title, status, createdByEmployeeId }: Survey): SurveyDto {
  return { id, companyId, title, status, createdByEmployeeId: createdByEmployeeId ?? null };
}
