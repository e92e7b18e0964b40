import { type RaisingRepository, type Repository, raising } from 'seamwright/runtime';
import type { AccountsTransaction, Company } from '#generated/easyplatform/accounts/producers.gen.js';

/** The companies of the platform. Each change raises its event in the transaction `tx`. */
export function companiesIn(tx: AccountsTransaction): RaisingRepository<Company, Companies> {
  return raising(new Companies(tx), tx.Company);
}

class Companies implements Repository<Company> {
  constructor(private readonly tx: AccountsTransaction) {}

  /** Deleted ones included; null when there never was one. Locks the row until the transaction ends. */
  async find(id: string): Promise<Company | null> {
    const [company] = await this.tx.query<Company>(
      'select id, name, is_active as "isActive", is_deleted as "isDeleted" from companies where id = $1 for update',
      [id],
    );
    return company ?? null;
  }

  async insert({ id, name, isActive, isDeleted }: Company): Promise<void> {
    await this.tx.query('insert into companies (id, name, is_active, is_deleted) values ($1, $2, $3, $4)', [
      id,
      name,
      isActive,
      isDeleted,
    ]);
  }

  async update({ id, name, isActive, isDeleted }: Company): Promise<void> {
    await this.tx.query('update companies set name = $2, is_active = $3, is_deleted = $4 where id = $1', [
      id,
      name,
      isActive,
      isDeleted,
    ]);
  }

  async delete(id: string): Promise<void> {
    await this.tx.query('update companies set is_deleted = true where id = $1', [id]);
  }
}
