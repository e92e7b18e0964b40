import { randomUUID } from 'node:crypto';
import { type Logger, ProblemError, UsageError } from 'seamwright/runtime';
import type { AccountsClient } from '#generated/easyplatform/text-snippet-people/clients.gen.js';
import type {
  Employee,
  TextSnippetPeopleTransaction,
} from '#generated/easyplatform/text-snippet-people/producers.gen.js';
import type {
  ListEmployeesReply,
  TextSnippetPeopleOperations,
} from '#generated/easyplatform/text-snippet-people/server.gen.js';
import type { TextSnippetPeopleService } from '#generated/easyplatform/text-snippet-people/service.gen.js';
import { pageRequest } from '../../shared/paging.js';
import { employeesIn } from './employees.js';

type EmployeePage = Extract<ListEmployeesReply, { readonly status: 200 }>['body'];

/** What text-snippet-people answers over HTTP. */
export function textSnippetPeopleOperations(people: TextSnippetPeopleService): TextSnippetPeopleOperations {
  return {
    async createEmployee({ body, log, once }) {
      const { fullName, email, companyId, userId, isActive = true } = body;
      // Before the transaction: inside it, the locks would last as long as accounts takes to answer.
      if (userId !== undefined) await checkAccount(people.clients.accounts, userId, companyId, log);
      await requireCompany(people, companyId);
      return once(async (tx) => {
        const employees = employeesIn(tx);
        if (await employees.isTaken(email)) throw new ProblemError(409, { detail: 'the e-mail address is taken' });
        const employee: Employee = {
          ...{ id: randomUUID(), fullName, email, companyId, isActive, isDeleted: false },
          ...(userId !== undefined && { userId }),
        };
        await employees.insert(employee);
        return { status: 201, body: dtoOf(employee), headers: { location: `/api/Employee/${employee.id}` } };
      });
    },

    async updateEmployee({ path, body, log }) {
      const { fullName, email, companyId, userId, isActive } = body;
      const before = await people.transaction((tx) => liveEmployee(tx, path.employeeId));
      // Only a new link is checked: while accounts is down, employees can still be renamed.
      if (userId !== undefined && (userId !== before.userId || companyId !== before.companyId)) {
        await checkAccount(people.clients.accounts, userId, companyId, log);
      }
      await requireCompany(people, companyId);
      return people.transaction(async (tx) => {
        const { id, isDeleted } = await liveEmployee(tx, path.employeeId);
        const employees = employeesIn(tx);
        if (await employees.isTaken(email, id)) throw new ProblemError(422, { detail: 'the e-mail address is taken' });
        const employee: Employee = {
          ...{ id, fullName, email, companyId, isActive, isDeleted },
          ...(userId !== undefined && { userId }),
        };
        await employees.update(employee);
        return { status: 200, body: dtoOf(employee) };
      });
    },

    async deleteEmployee({ path }) {
      return people.transaction(async (tx) => {
        const employees = employeesIn(tx);
        const employee = await employees.find(path.employeeId);
        if (employee === null) throw new ProblemError(404, { detail: 'no such employee' });
        if (!employee.isDeleted) await employees.delete(employee.id);
        return { status: 204 };
      });
    },

    async listEmployees({ query }) {
      const page = await people.sync.snapshot('Employee', pageRequest(query));
      // An item carries what the event carried, which the contract gives the same shape.
      const items = page.items.map(({ data }) => data as EmployeePage['items'][number]);
      return { status: 200, body: { ...page, items } };
    },
  };
}

async function liveEmployee(tx: TextSnippetPeopleTransaction, id: string): Promise<Employee> {
  const employee = await employeesIn(tx).find(id);
  if (employee === null || employee.isDeleted) throw new ProblemError(404, { detail: 'no such employee' });
  return employee;
}

/** The copy is good enough here: a company that is a moment too young to be known can be tried again. */
async function requireCompany(people: TextSnippetPeopleService, id: string): Promise<void> {
  if ((await people.copies.Company.get(id)) === null) throw new ProblemError(422, { detail: 'no such company' });
}

/** The account as it is now, not as the copy has it: a link to a closed account would open doors. Throws `ProblemError` 422, or 503 when it cannot be found out. */
async function checkAccount(accounts: AccountsClient, userId: string, companyId: string, log: Logger): Promise<void> {
  const user = await accounts.getUser({ userId }).catch((error: unknown) => {
    if (error instanceof UsageError) throw error;
    log.warn({ error, userId }, 'the account cannot be checked');
    throw new ProblemError(503, { detail: 'the account cannot be checked at the moment' });
  });
  if (user === null || !user.isActive) throw new ProblemError(422, { detail: 'no such account' });
  if (user.companyId !== companyId) throw new ProblemError(422, { detail: 'the account belongs to another company' });
}

function dtoOf({ isDeleted: _, ...employee }: Employee): Omit<Employee, 'isDeleted'> {
  return employee;
}
