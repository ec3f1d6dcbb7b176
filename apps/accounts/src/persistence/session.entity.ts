import { Column, Entity, PrimaryColumn } from 'typeorm';

/** From sign-in to its end: refresh tokens follow one another inside it. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** `token_reuse` or `account_closed`. */
  @Column('text', { name: 'end_reason', nullable: true })
  endReason!: string | null;
}

@Entity('refresh_tokens')
export class RefreshTokenEntity {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('uuid', { name: 'session_id' })
  sessionId!: string;

  @Column('timestamptz', { name: 'issued_at' })
  issuedAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}

/** Per address, whether or not somebody has it: an answer must not tell. */
@Entity('sign_in_attempts')
export class SignInAttemptsEntity {
  @PrimaryColumn('text', { name: 'desk_id' })
  deskId!: string;

  @PrimaryColumn('text', { name: 'email_key' })
  emailKey!: string;

  @Column('integer')
  count!: number;

  @Column('timestamptz', { name: 'last_at' })
  lastAt!: Date;
}
