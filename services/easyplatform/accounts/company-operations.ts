import { randomUUID } from 'node:crypto';
import { ProblemError } from 'seamwright/runtime';
import type { AccountsTransaction, Company } from '#generated/easyplatform/accounts/producers.gen.js';
import type { AccountsOperations, ListCompaniesReply } from '#generated/easyplatform/accounts/server.gen.js';
import type { AccountsService } from '#generated/easyplatform/accounts/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { companiesIn } from './companies.js';

type CompanyPage = Extract<ListCompaniesReply, { readonly status: 200 }>['body'];
type Operations = Pick<AccountsOperations, 'createCompany' | 'updateCompany' | 'deleteCompany' | 'listCompanies'>;

/** What accounts answers about companies. */
export function companyOperations(accounts: AccountsService): Operations {
  return {
    async createCompany({ body, once }) {
      return once(async (tx) => {
        const company = { id: randomUUID(), name: body.name, isActive: true, isDeleted: false };
        await companiesIn(tx).insert(company);
        return { status: 201, body: dtoOf(company), headers: { location: `/api/Company/${company.id}` } };
      });
    },

    async updateCompany({ path, body: { name, isActive } }) {
      return accounts.transaction(async (tx) => {
        const company = { ...(await liveCompany(tx, path.companyId)), name, isActive };
        await companiesIn(tx).update(company);
        return { status: 200, body: dtoOf(company) };
      });
    },

    async deleteCompany({ path }) {
      return accounts.transaction(async (tx) => {
        const companies = companiesIn(tx);
        const company = await companies.find(path.companyId);
        if (company === null) throw new ProblemError(404, { detail: 'no such company' });
        if (!company.isDeleted) await companies.delete(company.id);
        return { status: 204 };
      });
    },

    async listCompanies({ query }) {
      const page = await accounts.sync.snapshot('Company', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as CompanyPage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}

async function liveCompany(tx: AccountsTransaction, id: string): Promise<Company> {
  const company = await companiesIn(tx).find(id);
  if (company === null || company.isDeleted) throw new ProblemError(404, { detail: 'no such company' });
  return company;
}

function dtoOf({ id, name, isActive }: Company): Omit<Company, 'isDeleted'> {
  return { id, name, isActive };
}
