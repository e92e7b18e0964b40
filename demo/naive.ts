import type { WireMessage } from 'seamwright/runtime';

/** The part of an employee that the copies keep. */
export interface EmployeeRow {
  readonly id: string;
  readonly fullName: string;
  readonly companyId: string;
}

interface Message {
  readonly messageId: string;
  readonly createdUtcDate: string;
  readonly crudAction: 'Created' | 'Updated' | 'Deleted';
  readonly entityData: Readonly<Record<string, unknown>> & { readonly id: string };
}

/**
 * A consumer as one writes it on a Friday: it compares timestamps before an update, deletes rows that are deleted, waits a moment for a missing company and gives
 * up quietly, and acknowledges what it has seen. Each of these is how the published examples of such buses do it.
 */
export class NaiveConsumer {
  readonly employees = new Map<string, EmployeeRow & { readonly changed: string }>();
  readonly companies = new Map<string, string>();
  private readonly waitMs = 50;

  /** Answers what it did, in a few words; undefined when it wants the message again, since it has nowhere else to put it. */
  async receive(message: WireMessage, sleep: (ms: number) => Promise<void>): Promise<string | undefined> {
    let body: Message;
    try {
      body = JSON.parse(new TextDecoder().decode(message.body)) as Message;
    } catch {
      return undefined;
    }
    return message.headers['ce-type']?.startsWith('Company') ? this.company(body) : this.employee(body, sleep);
  }

  private company({ crudAction, entityData }: Message): string {
    if (crudAction === 'Deleted') this.companies.delete(entityData.id);
    else this.companies.set(entityData.id, String(entityData.name));
    return 'stored';
  }

  private async employee(
    { crudAction, entityData, createdUtcDate }: Message,
    sleep: (ms: number) => Promise<void>,
  ): Promise<string> {
    const { id } = entityData;
    const companyId = String(entityData.companyId);
    if (!this.companies.has(companyId)) await sleep(this.waitMs);
    if (!this.companies.has(companyId)) return 'company not there in time, gives up and acknowledges';
    if (crudAction === 'Deleted') {
      this.employees.delete(id);
      return 'row deleted';
    }
    const known = this.employees.get(id);
    if (known !== undefined && known.changed > createdUtcDate) return 'older than the row, dropped';
    this.employees.set(id, { id, companyId, fullName: String(entityData.fullName), changed: createdUtcDate });
    return known === undefined ? 'row created' : 'row overwritten';
  }
}
