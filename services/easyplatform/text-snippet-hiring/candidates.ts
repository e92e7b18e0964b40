import { type RaisingRepository, type Repository, raising } from 'seamwright/runtime';
import type {
  Candidate,
  TextSnippetHiringTransaction,
} from '#generated/easyplatform/text-snippet-hiring/producers.gen.js';

/** The candidates of this service. Each change raises its event in the transaction `tx`. */
export function candidatesIn(tx: TextSnippetHiringTransaction): RaisingRepository<Candidate, Candidates> {
  return raising(new Candidates(tx), tx.Candidate);
}

class Candidates implements Repository<Candidate> {
  constructor(private readonly tx: TextSnippetHiringTransaction) {}

  /** Deleted ones included; null when there never was one. Locks the row until the transaction ends. */
  async find(id: string): Promise<Candidate | null> {
    const [row] = await this.tx.query<CandidateRow>('select * from candidates where id = $1 for update', [id]);
    return row === undefined ? null : candidateOf(row);
  }

  async insert(candidate: Candidate): Promise<void> {
    await this.tx.query(
      `insert into candidates (id, full_name, email, company_id, status, hired_date, is_deleted)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      valuesOf(candidate),
    );
  }

  async update(candidate: Candidate): Promise<void> {
    await this.tx.query(
      `update candidates set full_name = $2, email = $3, company_id = $4, status = $5, hired_date = $6, is_deleted = $7
       where id = $1`,
      valuesOf(candidate),
    );
  }

  async delete(id: string): Promise<void> {
    await this.tx.query('update candidates set is_deleted = true where id = $1', [id]);
  }
}

interface CandidateRow {
  readonly id: string;
  readonly full_name: string;
  readonly email: string;
  readonly company_id: string;
  readonly status: Candidate['status'];
  readonly hired_date: string | null;
  readonly is_deleted: boolean;
}

function candidateOf(row: CandidateRow): Candidate {
  return {
    id: row.id,
    fullName: row.full_name,
    email: row.email,
    companyId: row.company_id,
    status: row.status,
    ...(row.hired_date !== null && { hiredDate: row.hired_date }),
    isDeleted: row.is_deleted,
  };
}

function valuesOf(candidate: Candidate): readonly unknown[] {
  const { id, fullName, email, companyId, status, hiredDate, isDeleted } = candidate;
  return [id, fullName, email, companyId, status, hiredDate ?? null, isDeleted];
}
