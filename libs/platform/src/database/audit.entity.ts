import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Caller } from '#kernel/caller.js';
import { newId } from '#kernel/ids.js';
import type { Transaction } from './transaction.js';

/** Who did what to which thing, and when. Rows are only ever added. */
@Entity('audit')
export class AuditRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** The use case: `open-ticket`. */
  @Column('text')
  action!: string;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('jsonb')
  details!: object;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;
}

export function recordAudit(
  tx: Transaction,
  caller: Caller,
  action: string,
  subjectId: string,
  occurredAt: Date,
  details: object = {},
): void {
  tx.insert(AuditRecord, {
    id: newId(),
    deskId: caller.deskId,
    accountId: caller.accountId,
    action,
    subjectId,
    details,
    occurredAt,
  });
}
