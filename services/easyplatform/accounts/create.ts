import { createAccountsServer } from '#generated/easyplatform/accounts/server.gen.js';
import { type AccountsService, createAccounts } from '#generated/easyplatform/accounts/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { accountsOperations } from './operations.js';
import { prepare } from './schema.js';

/** Companies and users. */
export function createAccountsApp(options: AppOptions = {}): App<AccountsService> {
  const accounts = createAccounts({ ...options, prepare });
  const server = createAccountsServer(accountsOperations(accounts), {
    authenticate: 'none',
    service: accounts,
    ready: accounts.health,
    ...options,
  });
  return appOf(accounts, server, options.listen);
}
