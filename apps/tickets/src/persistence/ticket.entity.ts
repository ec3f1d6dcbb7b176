import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StatusKind } from '#kernel/desk/ticketing.js';
import type { ChannelId } from '#kernel/desk/vocabulary.js';

@Entity('ticket')
export class TicketRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('bigint')
  number!: string;

  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('text', { name: 'package_id', nullable: true })
  packageId!: string | null;

  @Column('text', { name: 'requester_account_id', nullable: true })
  requesterAccountId!: string | null;

  @Column('text', { name: 'requester_name' })
  requesterName!: string;

  @Column('text', { name: 'requester_email' })
  requesterEmail!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  type!: string;

  @Column('text', { nullable: true })
  department!: string | null;

  @Column('text', { nullable: true })
  priority!: string | null;

  @Column('text')
  channel!: ChannelId;

  @Column('text')
  lane!: string;

  @Column('text')
  status!: string;

  @Column('text', { name: 'status_kind' })
  statusKind!: StatusKind;

  @Column('text', { name: 'assignee_account_id', nullable: true })
  assigneeAccountId!: string | null;

  @Column('text', { name: 'assignee_name', nullable: true })
  assigneeName!: string | null;

  @Column('text', { name: 'assignee_email', nullable: true })
  assigneeEmail!: string | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'solved_at', nullable: true })
  solvedAt!: Date | null;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('uuid', { name: 'live_call_back', nullable: true })
  liveCallBack!: string | null;

  @Column('integer')
  sequence!: number;

  @Column('integer', { name: 'last_customer_sequence' })
  lastCustomerSequence!: number;

  @Column('integer', { name: 'last_agent_reply_sequence' })
  lastAgentReplySequence!: number;

  @Column('jsonb')
  fields!: Record<string, string>;

  @Column('text')
  language!: string;

  @Column('text', { name: 'external_reference', nullable: true })
  externalReference!: string | null;

  @Column('uuid', { name: 'follow_up_of_id', nullable: true })
  followUpOfId!: string | null;

  /** With the id: numbers never change, and whoever reads the ticket needs both. */
  @Column('bigint', { name: 'follow_up_of_number', nullable: true })
  followUpOfNumber!: string | null;

  @Column('boolean')
  imported!: boolean;

  /** Whether somebody of ours has to take it up; with `queueKey`, the queue. */
  @Column('boolean')
  waiting!: boolean;

  @Column('text', { name: 'queue_key' })
  queueKey!: string;
}
