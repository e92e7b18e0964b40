import { type RaisingRepository, type Repository, raising } from 'seamwright/runtime';
import type {
  Employee,
  TextSnippetPeopleTransaction,
} from '#generated/easyplatform/text-snippet-people/producers.gen.js';

/** The employees of this service. Each change raises its event in the transaction `tx`. */
export function employeesIn(tx: TextSnippetPeopleTransaction): RaisingRepository<Employee, Employees> {
  return raising(new Employees(tx), tx.Employee);
}

class Employees implements Repository<Employee> {
  constructor(private readonly tx: TextSnippetPeopleTransaction) {}

  /** Deleted ones included; null when there never was one. Locks the row until the transaction ends. */
  async find(id: string): Promise<Employee | null> {
    const [row] = await this.tx.query<EmployeeRow>('select * from employees where id = $1 for update', [id]);
    return row === undefined ? null : employeeOf(row);
  }

  /** Whether somebody else than `exceptId` is employed under this address, in whatever case it is written. */
  async isTaken(email: string, exceptId?: string): Promise<boolean> {
    const rows = await this.tx.query(
      'select id from employees where lower(email) = lower($1) and not is_deleted and id is distinct from $2',
      [email, exceptId ?? null],
    );
    return rows.length > 0;
  }

  async insert(employee: Employee): Promise<void> {
    await this.tx.query(
      `insert into employees (id, full_name, email, company_id, user_id, is_active, is_deleted)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      valuesOf(employee),
    );
  }

  async update(employee: Employee): Promise<void> {
    await this.tx.query(
      `update employees set full_name = $2, email = $3, company_id = $4, user_id = $5, is_active = $6, is_deleted = $7
       where id = $1`,
      valuesOf(employee),
    );
  }

  async delete(id: string): Promise<void> {
    await this.tx.query('update employees set is_deleted = true where id = $1', [id]);
  }
}

interface EmployeeRow {
  readonly id: string;
  readonly full_name: string;
  readonly email: string;
  readonly company_id: string;
  readonly user_id: string | null;
  readonly is_active: boolean;
  readonly is_deleted: boolean;
}

function employeeOf(row: EmployeeRow): Employee {
  return {
    id: row.id,
    fullName: row.full_name,
    email: row.email,
    companyId: row.company_id,
    ...(row.user_id !== null && { userId: row.user_id }),
    isActive: row.is_active,
    isDeleted: row.is_deleted,
  };
}

function valuesOf(employee: Employee): readonly unknown[] {
  const { id, fullName, email, companyId, userId, isActive, isDeleted } = employee;
  return [id, fullName, email, companyId, userId ?? null, isActive, isDeleted];
}
