import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '#kernel/caller.js';
import type { AccountState } from '../domain/account-state.js';

@Entity('accounts')
export class AccountEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  /** Null for staff of the desk. */
  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  /** The address as it is compared: unique per desk among accounts that are not closed. */
  @Column('text', { name: 'email_key' })
  emailKey!: string;

  @Column('text', { array: true })
  roles!: readonly Role[];

  @Column('text')
  language!: string;

  @Column('text')
  state!: AccountState;

  /** Argon2id in PHC form; null until the invitation is accepted. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** SHA-256 of the open invitation's token; null once it is used. */
  @Column('bytea', { name: 'invitation_hash', nullable: true })
  invitationHash!: Buffer | null;

  @Column('timestamptz', { name: 'invitation_expires_at', nullable: true })
  invitationExpiresAt!: Date | null;

  /** Of the newest event of this account. */
  @Column('integer')
  sequence!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
