import { type RaisingRepository, type Repository, raising } from 'seamwright/runtime';
import type {
  Survey,
  TextSnippetSurveysTransaction,
} from '#generated/easyplatform/text-snippet-surveys/producers.gen.js';

/** The surveys of this service. Each change raises its event in the transaction `tx`. */
export function surveysIn(tx: TextSnippetSurveysTransaction): RaisingRepository<Survey, Surveys> {
  return raising(new Surveys(tx), tx.Survey);
}

class Surveys implements Repository<Survey> {
  constructor(private readonly tx: TextSnippetSurveysTransaction) {}

  /** Deleted ones included; null when there never was one. Locks the row until the transaction ends. */
  async find(id: string): Promise<Survey | null> {
    const [row] = await this.tx.query<SurveyRow>('select * from surveys where id = $1 for update', [id]);
    return row === undefined ? null : surveyOf(row);
  }

  async insert(survey: Survey): Promise<void> {
    await this.tx.query(
      `insert into surveys (id, company_id, title, status, created_by_employee_id, is_deleted)
       values ($1, $2, $3, $4, $5, $6)`,
      valuesOf(survey),
    );
  }

  async update(survey: Survey): Promise<void> {
    await this.tx.query(
      `update surveys set company_id = $2, title = $3, status = $4, created_by_employee_id = $5, is_deleted = $6
       where id = $1`,
      valuesOf(survey),
    );
  }

  async delete(id: string): Promise<void> {
    await this.tx.query('update surveys set is_deleted = true where id = $1', [id]);
  }
}

interface SurveyRow {
  readonly id: string;
  readonly company_id: string;
  readonly title: string;
  readonly status: Survey['status'];
  readonly created_by_employee_id: string | null;
  readonly is_deleted: boolean;
}

function surveyOf(row: SurveyRow): Survey {
  return {
    id: row.id,
    companyId: row.company_id,
    title: row.title,
    status: row.status,
    ...(row.created_by_employee_id !== null && { createdByEmployeeId: row.created_by_employee_id }),
    isDeleted: row.is_deleted,
  };
}

function valuesOf({ id, companyId, title, status, createdByEmployeeId, isDeleted }: Survey): readonly unknown[] {
  return [id, companyId, title, status, createdByEmployeeId ?? null, isDeleted];
}
