import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuthorKind } from '../domain/ticket.js';

@Entity('message')
export class MessageRecord {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'ticket_id' })
  ticketId!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('text', { name: 'author_kind' })
  authorKind!: AuthorKind;

  @Column('text', { name: 'author_account_id', nullable: true })
  authorAccountId!: string | null;

  @Column('text', { name: 'author_name' })
  authorName!: string;

  @Column('text', { name: 'author_email' })
  authorEmail!: string;

  @Column('boolean')
  internal!: boolean;

  @Column('boolean')
  automatic!: boolean;

  @Column('text')
  body!: string;

  @Column('timestamptz', { name: 'sent_at' })
  sentAt!: Date;
}
