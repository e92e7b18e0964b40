import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type {
  Candidate,
  TextSnippetHiringTransaction,
} from '#generated/easyplatform/text-snippet-hiring/producers.gen.js';
import type {
  ListCandidatesReply,
  TextSnippetHiringOperations,
} from '#generated/easyplatform/text-snippet-hiring/server.gen.js';
import type { TextSnippetHiringService } from '#generated/easyplatform/text-snippet-hiring/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { candidatesIn } from './candidates.js';

type CandidatePage = Extract<ListCandidatesReply, { readonly status: 200 }>['body'];

/** What text-snippet-hiring answers over HTTP. */
export function textSnippetHiringOperations(hiring: TextSnippetHiringService): TextSnippetHiringOperations {
  return {
    async createCandidate({ body, once }) {
      return once(async (tx) => {
        const { fullName, email, companyId } = body;
        await requireCompany(hiring, companyId);
        const candidate: Candidate = {
          ...{ id: randomUUID(), fullName, email, companyId },
          ...{ status: 'applied', isDeleted: false },
        };
        await candidatesIn(tx).insert(candidate);
        return { status: 201, body: dtoOf(candidate), headers: { location: `/api/Candidate/${candidate.id}` } };
      });
    },

    async updateCandidate({ path, body: { fullName, email, companyId, status } }) {
      return hiring.transaction(async (tx) => {
        const before = await liveCandidate(tx, path.candidateId);
        // The hire cannot be taken back by an edit: there is an employee by now, whom people owns.
        if (before.status === 'hired') throw new ProblemError(422, { detail: 'the candidate is hired' });
        await requireCompany(hiring, companyId);
        const candidate: Candidate = { ...before, fullName, email, companyId, status };
        await candidatesIn(tx).update(candidate);
        return { status: 200, body: dtoOf(candidate) };
      });
    },

    async hireCandidate({ path, once }) {
      return once(async (tx) => {
        // The row is locked: of two tabs that hire at once, the second finds the candidate hired.
        const before = await liveCandidate(tx, path.candidateId);
        if (before.status === 'hired') throw new ProblemError(409, { detail: 'the candidate is hired already' });
        if (before.status === 'rejected') throw new ProblemError(422, { detail: 'the candidate was rejected' });
        const candidate: Candidate = { ...before, status: 'hired', hiredDate: new Date().toISOString() };
        await candidatesIn(tx).update(candidate);
        return { status: 200, body: dtoOf(candidate) };
      });
    },

    async deleteCandidate({ path }) {
      return hiring.transaction(async (tx) => {
        const candidates = candidatesIn(tx);
        const candidate = await candidates.find(path.candidateId);
        if (candidate === null) throw new ProblemError(404, { detail: 'no such candidate' });
        if (!candidate.isDeleted) await candidates.delete(candidate.id);
        return { status: 204 };
      });
    },

    async listCandidates({ query }) {
      const page = await hiring.sync.snapshot('Candidate', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as CandidatePage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}

async function liveCandidate(tx: TextSnippetHiringTransaction, id: string): Promise<Candidate> {
  const candidate = await candidatesIn(tx).find(id);
  if (candidate === null || candidate.isDeleted) throw new ProblemError(404, { detail: 'no such candidate' });
  return candidate;
}

/** Reads in the transaction that is open. */
async function requireCompany(hiring: TextSnippetHiringService, id: string): Promise<void> {
  if ((await hiring.copies.Company.get(id)) === null) throw new ProblemError(422, { detail: 'no such company' });
}

function dtoOf({ isDeleted: _, ...candidate }: Candidate): Omit<Candidate, 'isDeleted'> {
  return candidate;
}
