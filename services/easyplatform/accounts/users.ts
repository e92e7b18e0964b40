import { type RaisingRepository, type Repository, raising } from 'seamwright/runtime';
import type { AccountsTransaction, User } from '#generated/easyplatform/accounts/producers.gen.js';

/** The accounts of people. Each change raises its event in the transaction `tx`. */
export function usersIn(tx: AccountsTransaction): RaisingRepository<User, Users> {
  return raising(new Users(tx), tx.User);
}

class Users implements Repository<User> {
  constructor(private readonly tx: AccountsTransaction) {}

  /** Deleted ones included; null when there never was one. Locks the row until the transaction ends. */
  async find(id: string): Promise<User | null> {
    const [user] = await this.tx.query<User>(
      `select id, email, full_name as "fullName", company_id as "companyId", roles, is_active as "isActive",
       is_deleted as "isDeleted" from users where id = $1 for update`,
      [id],
    );
    return user ?? null;
  }

  /** Whether somebody else than `exceptId` signs in with this address, in whatever case it is written. */
  async isTaken(email: string, exceptId?: string): Promise<boolean> {
    const rows = await this.tx.query(
      'select id from users where lower(email) = lower($1) and not is_deleted and id is distinct from $2',
      [email, exceptId ?? null],
    );
    return rows.length > 0;
  }

  async insert(user: User): Promise<void> {
    await this.tx.query(
      `insert into users (id, email, full_name, company_id, roles, is_active, is_deleted)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      valuesOf(user),
    );
  }

  async update(user: User): Promise<void> {
    await this.tx.query(
      `update users set email = $2, full_name = $3, company_id = $4, roles = $5, is_active = $6, is_deleted = $7
       where id = $1`,
      valuesOf(user),
    );
  }

  async delete(id: string): Promise<void> {
    await this.tx.query('update users set is_deleted = true where id = $1', [id]);
  }
}

function valuesOf({ id, email, fullName, companyId, roles, isActive, isDeleted }: User): readonly unknown[] {
  return [id, email, fullName, companyId, roles, isActive, isDeleted];
}
