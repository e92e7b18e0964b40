import type { AccountsOperations } from '#generated/easyplatform/accounts/server.gen.js';
import type { AccountsService } from '#generated/easyplatform/accounts/service.gen.js';
import { companyOperations } from './company-operations.js';
import { userOperations } from './user-operations.js';

/** What accounts answers over HTTP. */
export function accountsOperations(accounts: AccountsService): AccountsOperations {
  return { ...companyOperations(accounts), ...userOperations(accounts) };
}
